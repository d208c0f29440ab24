import type { Clock } from './clock.js';
import { Countdown } from './countdown.js';
import { Emitter } from './emitter.js';
import type {
  Actor, CallEvent, CallExpiringEvent, CallObject, CallState, CallStatus, CallStatusUpdateEvent, CallType, Candidate, Command,
  Description, EndReason, HangUpReason, MediaPlane, Open, Participant, ParticipantEvent, ReplyFrame, RingStopReason, Signal, SignalFrame, UserId,
} from './protocol.js';

/** Who did it, as far as the server told. */
export interface Cause {
  actor?: Actor;
  event?: CallEvent;
  /** Set when it is the reply to what this very device did. */
  ownDoing?: boolean;
}

/** How a call ended. */
export interface Ending {
  state: CallState;
  /** Missing when the call was over before this client could learn why. */
  reason?: EndReason;
  /** Talk seconds, computed by the server; 0 when nobody answered. */
  duration: number;
  actor?: Actor;
}

export type CallEvents = {
  /** The other side's device rings. */
  ringing: [cause: Cause];
  /** Somebody accepted; `call.here` says whether the call is on this device. */
  accepted: [cause: Cause];
  /** The server was told that media flows. */
  connected: [];
  /**
   * This device must stop ringing while the call goes on elsewhere; `expired` when this client's own clock said so, `closed`
   * when the client was closed.
   */
  ring_stopped: [reason: RingStopReason | 'expired' | 'closed'];
  /** The callee declined, was busy or not available; `ended` follows at once. */
  rejected: [ending: Ending];
  /** The call is over, for whatever reason; exactly once. */
  ended: [ending: Ending];
  /** This device has nothing more to do with the call: it ended, or it is on another device. Exactly once; release everything. */
  finished: [];
  /** A flag of another participant changed. */
  status: [participant: Participant | undefined, event: CallStatusUpdateEvent];
  /** Someone joined, left, declined, was invited, or lost the connection. */
  participant: [event: ParticipantEvent];
  /** The maximum duration is near. */
  expiring: [remainingMs: number | undefined, event: CallExpiringEvent];
  offer: [offer: Description, frame: SignalFrame];
  answer: [answer: Description, frame: SignalFrame];
  candidates: [candidates: Candidate[], frame: SignalFrame];
  negotiate: [description: Description, frame: SignalFrame];
  /** Anything about the call changed: the moment to draw it again. */
  change: [];
};

/** What a call needs of its client. */
export interface CallHost {
  readonly clock: Clock;
  /** The id of the signed-in user and of this device; undefined before the first connection. */
  readonly userId: UserId | undefined;
  readonly deviceId: string;
  /** The server's wall clock in milliseconds since 1970, once known. */
  readonly serverNow: number | undefined;
  command(command: Command | Signal): Promise<ReplyFrame>;
  post(signal: Signal): boolean;
}

const TERMINAL: ReadonlySet<string> = new Set<CallState>(['rejected', 'cancelled', 'missed', 'timeout', 'ended']);
const STATE_ORDER: Readonly<Record<string, number>> = { calling: 0, ringing: 1, accepted: 2 };

/** The server ends a ring up to this long after the time it gave; only then the client stops by itself. */
const RING_GRACE_MS = 2_500;

/** Whether a call in this state is over. */
export const isTerminal = (state: CallState): boolean => TERMINAL.has(state);

/** How many signals are kept for a media part that has not started listening yet. */
const MAX_EARLY_SIGNALS = 256;

/**
 * One call, as this device sees it. The object lives as long as the page: what arrives later changes it and tells its
 * listeners, and there is only ever one object per call id.
 */
export class Call extends Emitter<CallEvents> {
  readonly #host: CallHost;
  #data: CallObject;
  #here = false;
  #resumed = false;
  #ringStopped: string | undefined;
  #finished = false;
  #countdown: Countdown | undefined;
  #ringTimer: unknown;
  #early: SignalFrame[] = [];
  #acknowledged = false;
  /** When talking began, on our monotonic clock. */
  #talkingSince: number | undefined;

  /** @internal Calls are made by the client. */
  constructor(host: CallHost, data: CallObject) {
    super();
    this.#host = host;
    this.#data = data;
    this.#setCountdown(data.remaining_ms, data.ring_deadline);
    this.#noteTalk();
    this.#finished = isTerminal(data.state);
  }

  /**
   * Calls `listener` for every `name` from now on; the returned function ends that. Signals that arrived before anybody
   * listened for signals are given, in order, to those who begin to listen in the same turn.
   */
  override on<K extends keyof CallEvents>(name: K, listener: (...args: CallEvents[K]) => void): () => void {
    const off = super.on(name, listener);
    if (this.#early.length > 0) queueMicrotask(() => this.#tellEarly());
    return off;
  }

  /** The call id: opaque, the same on every device and node. */
  get id(): string { return this.#data.call_id; }
  /** The call object as last seen on the wire. It is replaced, never changed: compare by identity. */
  get data(): CallObject { return this.#data; }
  get state(): CallState { return this.#data.state; }
  /** Why it ended; undefined while it goes on. */
  get reason(): EndReason | undefined { return this.#data.reason; }
  get type(): CallType { return this.#data.call_type; }
  get mediaPlane(): MediaPlane { return this.#data.media_plane ?? 'p2p'; }
  /** The address of the Jitsi room, when media goes that way. */
  get jitsiUrl(): string | undefined { return this.#data.jitsi_url; }
  /** Whether the signed-in user started it. */
  get isOutgoing(): boolean { return this.#data.is_outgoing; }
  get participants(): readonly Participant[] { return this.#data.participants; }
  /** Talk seconds as the server last counted them; final once ended. To show a running clock use `talkMs`. */
  get duration(): number { return this.#data.duration; }

  /** Milliseconds since the answer, while the call is on; what the server counted, once it is over. */
  get talkMs(): number {
    if (this.isOver || this.#talkingSince === undefined) return this.#data.duration * 1000;
    return Math.max(0, this.#host.clock.now() - this.#talkingSince);
  }

  /** The other side of a direct call; the first callee otherwise. */
  get peer(): { userId: UserId; name: string } {
    const { sender_id, sender_name, receiver_id, receiver_name } = this.#data;
    return this.isOutgoing
      ? { userId: receiver_id, name: receiver_name ?? receiver_id }
      : { userId: sender_id, name: sender_name ?? sender_id };
  }

  /** The signed-in user's own part. */
  get me(): Participant | undefined {
    return this.#data.participants.find((participant) => participant.user_id === this.#host.userId);
  }

  /** The flags of the signed-in user. */
  get statuses(): readonly Open<CallStatus>[] { return this.me?.statuses ?? []; }

  /** Whether this device takes part: it started the call, or accepted it. */
  get here(): boolean { return this.#here; }
  /** Whether the call was already going on, on this device, when the page was loaded: its media must be set up anew. */
  get resumed(): boolean { return this.#resumed; }
  /** Whether the call is over, for everybody. */
  get isOver(): boolean { return isTerminal(this.#data.state); }
  /** Whether this device has nothing more to do with the call. */
  get isFinished(): boolean { return this.#finished; }
  /** Why this device stopped ringing without the call being over. */
  get ringStopped(): string | undefined { return this.#ringStopped; }

  /** Whether this device should ring now. */
  get isRinging(): boolean {
    return !this.isOutgoing && !this.#here && !this.#finished && this.#ringStopped === undefined
      && (this.state === 'calling' || this.state === 'ringing');
  }

  /** Milliseconds of ringing left, on a monotonic clock from what the server last said; undefined when it said nothing. */
  get remainingMs(): number | undefined {
    return this.isOver || this.state === 'accepted' ? undefined : this.#countdown?.remainingMs;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What one can do. Every method resolves when the server has stored it and rejects with a CarillonError.

  /**
   * Tells the caller that this device rings; once, however often it is called. The client does it by itself when somebody
   * listens for `incoming`. A failure is not reported: if the call is over that shows in the call, and a lost
   * acknowledgement only delays the caller's ringing tone.
   */
  acknowledge(): void {
    if (this.#acknowledged || !this.isRinging) return;
    this.#acknowledged = true;
    this.#do({ type: 'call.acknowledge', call_id: this.id, status: 'ringing' }).catch(() => undefined);
  }

  /** Takes the call on this device. Rejects with `answered_elsewhere`, `call_ended`, …; the call then shows why. */
  accept(options: { existingCalls?: 'hold' | 'end' | 'keep' } = {}): Promise<void> {
    return this.#do({
      type: 'call.accept', call_id: this.id,
      ...(options.existingCalls === undefined ? {} : { existing_calls: options.existingCalls }),
    });
  }

  /** Declines for this user, on all devices. */
  reject(reason: 'declined' | 'busy' | 'unavailable' = 'declined'): Promise<void> {
    return this.#do({ type: 'call.reject', call_id: this.id, reason });
  }

  /** Takes back a call nobody has accepted. */
  cancel(): Promise<void> {
    return this.#do({ type: 'call.cancel', call_id: this.id });
  }

  /**
   * Ends this user's part in whatever way fits: an unanswered outgoing call is cancelled, a ringing one declined, an
   * accepted one ended. Resolves also when the call is over already.
   */
  end(reason?: HangUpReason): Promise<void> {
    if (this.isOver) return Promise.resolve();
    if (this.state !== 'accepted') return this.isOutgoing ? this.cancel() : this.reject();
    return this.#do({ type: 'call.end', call_id: this.id, ...(reason === undefined ? {} : { reason }) });
  }

  /** Leaves a conference that may go on without this user. */
  leave(): Promise<void> {
    return this.#do({ type: 'call.leave', call_id: this.id });
  }

  /** Tells the others whether the microphone is off. It switches nothing: `CallMedia.mute` does both. */
  mute(muted = true): Promise<void> {
    return this.setStatus('muted', muted);
  }

  /** Tells the others whether the call is on hold. It stops nothing: `CallMedia.hold` does both. */
  hold(held = true): Promise<void> {
    return this.setStatus('on_hold', held);
  }

  /** Sets or clears a flag of this user. */
  setStatus(status: CallStatus, active = true): Promise<void> {
    return this.#do({ type: 'call.status', call_id: this.id, status, active });
  }

  /** Rings more people into the call. */
  invite(...userIds: (UserId | number)[]): Promise<void> {
    return this.#do({ type: 'call.invite', call_id: this.id, callees: userIds.map(String) });
  }

  /** Sends the first offer, after the call was accepted. */
  sendOffer(offer: Description): Promise<void> {
    return this.#do({ type: 'call.offer', call_id: this.id, offer });
  }

  /** Answers the first offer. */
  sendAnswer(answer: Description): Promise<void> {
    return this.#do({ type: 'call.answer', call_id: this.id, answer });
  }

  /** Sends any later offer or answer. Rejects with `negotiation_pending` when the other side was first. */
  sendNegotiate(description: Description): Promise<void> {
    return this.#do({ type: 'call.negotiate', call_id: this.id, description });
  }

  /** Sends candidates; false when there is no connection, and they are then lost. `candidate: ""` says no more will come. */
  sendCandidates(candidates: Candidate[]): boolean {
    return this.#host.post({ type: 'call.candidate', call_id: this.id, candidates });
  }

  /** @internal Says the call is this device's own. */
  take(options: { resumed?: boolean } = {}): void {
    this.#here = true;
    this.#resumed = options.resumed ?? this.#resumed;
    this.#stopRingTimer();
  }

  async #do(command: Command | Signal): Promise<void> {
    // The reply carries the call; the client has put it into this object by the time the promise resolves.
    await this.#host.command(command);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What arrives

  /**
   * @internal A newer view of the call. An older one changes nothing: a snapshot may overtake the events it contains. The
   * listeners hear of transitions, so that an end told twice, by a reply and by an event, is one end.
   */
  see(data: CallObject, cause: Cause = {}): void {
    const before = this.#data;
    if (cause.ownDoing && !this.isOver && !isTerminal(data.state)) this.#here = true;
    if (data.call_seq < before.call_seq) return;
    if (isTerminal(before.state)) {
      if (isTerminal(data.state)) this.#data = data;
      return;
    }
    this.#data = data;
    // Where the call is must be known before anyone is told that it was accepted.
    this.#locate(cause);
    this.#noteTalk();
    if (data.remaining_ms !== undefined || data.ring_deadline !== before.ring_deadline) {
      this.#setCountdown(data.remaining_ms, data.ring_deadline);
    }
    const was = STATE_ORDER[before.state] ?? 0;
    const is = STATE_ORDER[data.state] ?? 0;
    if (isTerminal(data.state)) {
      this.#over(cause);
    } else if (is > was) {
      if (data.state === 'ringing') this.emit('ringing', cause);
      if (data.state === 'accepted') {
        this.#stopRingTimer();
        this.emit('accepted', cause);
      }
    }
    if (!before.connected_at && data.connected_at && !this.isOver) this.emit('connected');
    this.emit('change');
  }

  /** @internal A frame about this call that says more than the new state. */
  hear(event: CallEvent): void {
    switch (event.event_type) {
      case 'ring_stopped':
        this.stopRinging(event.reason);
        this.#finish();
        return;
      case 'call_status_update':
        this.emit('status', this.#participant(event.actor?.user_id), event);
        return;
      case 'participant_joined':
      case 'participant_left':
      case 'participant_declined':
      case 'participant_reconnecting':
      case 'participant_invited':
      case 'participant_role_changed':
        this.emit('participant', event);
        return;
      case 'call_expiring':
        this.emit('expiring', event.remaining_ms, event);
        return;
      default:
        // Starts, answers and ends are told as transitions of the call.
        return;
    }
  }

  /** @internal A signal of the other side. */
  signal(frame: SignalFrame): void {
    if (this.#finished) return;
    if (this.#early.length === 0 && this.#hearsSignals()) this.#tellSignal(frame);
    else if (this.#early.length < MAX_EARLY_SIGNALS) this.#early.push(frame);
  }

  /** @internal Stops the ring here; the call itself may go on. */
  stopRinging(reason: string): void {
    this.#stopRingTimer();
    if (this.isOutgoing || this.#here || this.#ringStopped !== undefined || this.isOver) return;
    this.#ringStopped = reason;
    this.emit('ring_stopped', reason);
    this.emit('change');
  }

  /** @internal The server no longer lists the call, and how it ended was never told. */
  vanish(): void {
    if (this.isOver) return;
    this.#data = { ...this.#data, state: 'ended' };
    this.#over({});
    this.emit('change');
  }

  #over(cause: Cause): void {
    this.#stopRingTimer();
    const { state, reason, duration } = this.#data;
    const ending: Ending = {
      state, duration, ...(reason === undefined ? {} : { reason }), ...(cause.actor ? { actor: cause.actor } : {}),
    };
    if (state === 'rejected') this.emit('rejected', ending);
    this.emit('ended', ending);
    this.#finish();
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#early = [];
    this.emit('finished');
  }

  #locate(cause: Cause): void {
    if (this.#here) return;
    const mine = this.me;
    const { userId, deviceId } = this.#host;
    const acted = cause.actor?.device_id === deviceId && cause.actor.user_id === userId;
    const accepted = cause.event?.event_type === 'call_accepted' && acted;
    if (accepted || (mine?.device_id === deviceId && (this.isOutgoing || this.state === 'accepted'))) this.#here = true;
  }

  #participant(userId: UserId | undefined): Participant | undefined {
    return this.#data.participants.find((participant) => participant.user_id === userId);
  }

  #hearsSignals(): boolean {
    return this.hears('offer') || this.hears('answer') || this.hears('candidates') || this.hears('negotiate');
  }

  #tellEarly(): void {
    if (this.#hearsSignals()) for (const frame of this.#early.splice(0)) this.#tellSignal(frame);
  }

  #tellSignal(frame: SignalFrame): void {
    switch (frame.type) {
      case 'call.offer': return this.emit('offer', frame.offer, frame);
      case 'call.answer': return this.emit('answer', frame.answer, frame);
      case 'call.candidate': return this.emit('candidates', frame.candidates, frame);
      case 'call.negotiate': return this.emit('negotiate', frame.description, frame);
    }
  }

  #setCountdown(remainingMs: number | undefined, deadline: string | undefined): void {
    const now = this.#host.serverNow;
    const left = remainingMs ?? (deadline === undefined || now === undefined ? undefined : Date.parse(deadline) - now);
    if (left === undefined || !Number.isFinite(left)) return;
    this.#countdown = new Countdown(this.#host.clock, left);
    this.#stopRingTimer();
    if (this.isOutgoing || this.isOver || this.state === 'accepted') return;
    // Without a connection nobody says when it is over. A phone must not ring for ever because the network went away.
    this.#ringTimer = this.#host.clock.after(left + RING_GRACE_MS, () => this.stopRinging('expired'));
  }

  /** The server's time of the answer, brought onto our clock; without it, the moment we learnt of it. */
  #noteTalk(): void {
    if (this.state !== 'accepted' || this.#talkingSince !== undefined) return;
    const now = this.#host.serverNow;
    const ago = now === undefined || this.#data.answered_at === undefined ? 0 : now - Date.parse(this.#data.answered_at);
    this.#talkingSince = this.#host.clock.now() - (ago > 0 ? ago : 0);
  }

  #stopRingTimer(): void {
    this.#host.clock.clear(this.#ringTimer);
    this.#ringTimer = undefined;
  }
}
