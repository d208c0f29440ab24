import { Call, isTerminal, type CallHost, type Cause } from './call.js';
import { systemClock, type Clock } from './clock.js';
import {
  Connection, type ConnectionChange, type ConnectionState, type Receiver, type SocketConstructor, type Surroundings,
} from './connection.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './errors.js';
import { randomId } from './ids.js';
import type {
  CallEvent, CallEventType, CallObject, CallState, CallType, ClientFrame, Command, Description, HistoryItem, IceServers, InitiateFields, MediaPlane,
  Problem, ReplyFrame, ServerFrame, Signal, SignalFrame, UnknownFrame, UserId,
} from './protocol.js';
import { Rest, type Fetch } from './rest.js';
import type { TokenSource } from './token.js';
import { Watch, type WatchFrame, type WatchHost, type WatchOptions } from './watch.js';
import { readCalls } from './wire.js';

export interface ClientOptions {
  /** Where the engine is, such as `https://calls.example.com`. Default: where the page came from. */
  url?: string;
  token: TokenSource;
  /**
   * Names this device among the user's devices; two live sockets with one id replace each other. Default: a random id kept
   * in `sessionStorage`, so a tab keeps its id over a reload and two tabs have two.
   */
  deviceId?: string;
  /** Default: the global `WebSocket`. In Node before 22 give it the class of the package `ws`. */
  webSocket?: SocketConstructor;
  /** Default: the global `fetch`. */
  fetch?: Fetch;
  /** Milliseconds a command may take, waiting for a connection included. Default 15 000. */
  commandTimeoutMs?: number;
  /** Milliseconds without progress after which an attempt to connect is given up. Default 15 000. */
  connectTimeoutMs?: number;
  /** Whether `call.acknowledge` is sent for an incoming call that somebody listens for. Default true. */
  acknowledge?: boolean;
  /** For tests: time, chance, and where wake-up calls come from. */
  clock?: Clock;
  surroundings?: Surroundings;
}

/** How a call is started. */
export interface CallOptions {
  video?: boolean;
  mode?: 'direct' | 'hunt' | 'conference';
  ring?: 'ring' | 'notify' | 'silent';
  mediaPlane?: MediaPlane;
  /** Opaque; comes back with the call on every device. */
  context?: unknown;
  conversationId?: string | number;
  metadata?: Record<string, unknown>;
  /** Sent with the ring; without it the offer follows the answer, which is what several devices want. */
  offer?: Description;
  /** Milliseconds, within what the realm allows. */
  timeouts?: { ringMs?: number; setupMs?: number; maxDurationMs?: number };
}

export interface HistoryFilter {
  /** At most 200; the server gives 50 when nothing is said. */
  limit?: number;
  cursor?: string;
  state?: CallState;
  callType?: CallType;
  peer?: UserId;
  from?: Date;
  to?: Date;
}

export type ClientEvents = {
  /** The connection changed. */
  connection: [change: ConnectionChange];
  /** This device should ring. Never for a call that was over, or answered, before it could be shown. */
  incoming: [call: Call];
  /** A call appeared: incoming, started here, or started by the same user on another device. */
  call: [call: Call];
  /** A call ended, also one that this page never showed. */
  ended: [call: Call];
  /** Anything about any call changed. */
  change: [];
  /** A call event as it came over the wire, after duplicates were dropped and the model was brought up to date. */
  event: [event: CallEvent];
  /** A frame of a type this version does not know. */
  unknown: [frame: UnknownFrame];
  /** Every frame of the socket as it passes; tokens are blotted out. */
  frame: [direction: 'in' | 'out', frame: ServerFrame | ClientFrame | UnknownFrame];
  /** The server refused a frame that waits for no reply. */
  problem: [problem: Problem];
};

const DEVICE_KEY = 'carillon.device_id';
/** So many finished calls are remembered: late frames about them must not look like new calls. */
const MAX_OVER = 200;

/** Every type of event, so that the compiler asks for the next one. */
const KNOWN_EVENTS: Readonly<Record<CallEventType, true>> = {
  call_started: true, participant_ringing: true, call_accepted: true, ring_stopped: true, call_rejected: true, call_ended: true,
  call_status_update: true, participant_joined: true, participant_left: true, participant_declined: true,
  participant_reconnecting: true, participant_invited: true, participant_role_changed: true, call_mode_changed: true,
  call_extended: true, call_expiring: true,
};
const SIGNALS: ReadonlySet<string> = new Set<SignalFrame['type']>([
  'call.offer', 'call.answer', 'call.candidate', 'call.negotiate']);

const isEvent = (frame: { type: string; event_type?: unknown }): frame is CallEvent =>
  frame.type === 'call_event' && Object.hasOwn(KNOWN_EVENTS, String(frame.event_type));
const isSignal = (frame: { type: string }): frame is SignalFrame => SIGNALS.has(frame.type);

/**
 * One user on one device: the socket, the calls, and the requests beside them. Make one for the whole application and keep
 * it; it opens no second socket.
 */
export class CarillonClient extends Emitter<ClientEvents> {
  /** This device's id. */
  readonly deviceId: string;
  /** The address of the engine, without a slash at the end. */
  readonly url: string;

  readonly #connection: Connection;
  readonly #rest: Rest;
  readonly #calls = new Map<string, Call>();
  readonly #watches = new Map<string, Watch>();
  readonly #clock: Clock;
  readonly #commandTimeoutMs: number;
  readonly #acknowledge: boolean;
  #hasSnapshot = false;

  constructor(options: ClientOptions) {
    super();
    this.url = (options.url ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
    if (!/^https?:\/\//.test(this.url)) throw new TypeError(`"url" must be an http or https address, not "${this.url}"`);
    const webSocket = options.webSocket ?? (globalThis.WebSocket as unknown as SocketConstructor | undefined);
    if (!webSocket) throw new TypeError('there is no global WebSocket here: give one as "webSocket"');
    this.deviceId = options.deviceId ?? tabDeviceId();
    this.#clock = options.clock ?? systemClock;
    this.#commandTimeoutMs = options.commandTimeoutMs ?? 15_000;
    this.#acknowledge = options.acknowledge ?? true;
    this.#connection = new Connection({
      url: `${this.url.replace(/^http/, 'ws')}/api/v1/socket`,
      deviceId: this.deviceId,
      token: options.token,
      receiver: this.#receiver(),
      clock: this.#clock,
      webSocket,
      surroundings: options.surroundings ?? {
        ...(globalThis.window === undefined ? {} : { window: globalThis.window }),
        ...(globalThis.document === undefined ? {} : { document: globalThis.document }),
      },
      connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
    });
    this.#connection.on('state', (change) => {
      this.emit('connection', change);
      if (change.state === 'connected') for (const watch of [...this.#watches.values()]) watch.begin();
    });
    this.#connection.on('frame', (direction, frame) => this.emit('frame', direction, frame));
    this.#connection.on('problem', (problem) => this.emit('problem', problem));
    this.#rest = new Rest({
      url: this.url,
      token: options.token,
      clock: this.#clock,
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeoutMs: this.#commandTimeoutMs,
    });
  }

  /** The state of the connection. */
  get connectionState(): ConnectionState { return this.#connection.state; }
  /** The id of the signed-in user; undefined before the first connection. */
  get userId(): UserId | undefined { return this.#connection.acknowledgement?.user_id; }
  /** The features the server announced. */
  get features(): readonly string[] { return this.#connection.acknowledgement?.features ?? []; }
  /** The place in the stream up to which everything has been delivered. */
  get cursor(): string | undefined { return this.#connection.cursor; }

  /** Every call that still concerns this device, oldest first; `call.here` says whether it takes part. */
  get calls(): readonly Call[] {
    return [...this.#calls.values()].filter((call) => !call.isFinished);
  }

  /** The calls this device should ring for. */
  get incoming(): readonly Call[] {
    return this.calls.filter((call) => call.isRinging);
  }

  /** A call by its id, also one that ended lately. */
  find(callId: string): Call | undefined {
    return this.#calls.get(callId);
  }

  /** Connects, and stays connected until `close`. Harmless when already connected; starts over after `failed`. */
  connect(): void {
    this.#connection.connect();
  }

  /** Leaves for good: closes the socket, stops what rings here, rejects what is pending with `closed`. It ends no call. */
  close(): void {
    this.#connection.close();
    for (const call of this.incoming) call.stopRinging('closed');
    for (const watch of [...this.#watches.values()]) {
      watch.end(new CarillonError({ code: 'closed', detail: 'the client was closed' }));
    }
  }

  /**
   * Calls somebody (or several people, in mode `hunt` or `conference`) and resolves when the server has stored the call. The
   * call may be over already: `busy`. Rejects with a CarillonError, such as `callee_not_found`, `already_in_call`, `blocked`.
   */
  async call(callee: UserId | number | readonly (UserId | number)[], options: CallOptions = {}): Promise<Call> {
    const fields: InitiateFields = {
      ...(Array.isArray(callee) ? { callees: callee.map(String) } : { receiver_id: String(callee) }),
      call_type: options.video ? 'video' : 'audio',
      ...(options.mode === undefined ? {} : { mode: options.mode }),
      ...(options.ring === undefined ? {} : { ring: options.ring }),
      ...(options.mediaPlane === undefined ? {} : { media_plane: options.mediaPlane }),
      ...(options.context === undefined ? {} : { context: options.context }),
      ...(options.conversationId === undefined ? {} : { conversation_id: options.conversationId }),
      ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
      ...(options.offer === undefined ? {} : { offer: options.offer }),
      ...(options.timeouts === undefined ? {} : { timeouts: wireTimeouts(options.timeouts) }),
    };
    const reply = await this.#command({ type: 'call.initiate', ...fields });
    const call = reply.call && this.#calls.get(reply.call.call_id);
    if (!call) throw new CarillonError({ code: 'network', detail: 'the reply to call.initiate carried no call' });
    return call;
  }

  /**
   * Follows the realm, one call or one user, for administrators: whole first, then event by event, over reconnects without a
   * gap, until `stop`. A refusal is told as `ended`. A client has at most four watches.
   */
  watch(options: WatchOptions = {}): Watch {
    const watch = new Watch(this.#watchHost, `watch-${randomId()}`, options);
    this.#watches.set(watch.id, watch);
    if (this.connectionState === 'connected') watch.begin();
    return watch;
  }

  /** The user's calls, newest first. */
  async history(filter: HistoryFilter = {}): Promise<{ calls: HistoryItem[]; nextCursor?: string }> {
    const query = new URLSearchParams();
    const put = (name: string, value: string | number | undefined): void => {
      if (value !== undefined) query.set(name, String(value));
    };
    put('limit', filter.limit);
    put('cursor', filter.cursor);
    put('state', filter.state);
    put('call_type', filter.callType);
    put('peer', filter.peer);
    put('from', filter.from?.toISOString());
    put('to', filter.to?.toISOString());
    const suffix = query.size > 0 ? `?${query}` : '';
    const reply = await this.request<{ calls: unknown; next_cursor?: string }>('GET', `/api/v1/calls/history${suffix}`);
    const calls = readCalls(reply.calls) as HistoryItem[];
    return { calls, ...(reply.next_cursor ? { nextCursor: reply.next_cursor } : {}) };
  }

  /** STUN and TURN servers with credentials that live a few hours at most: fetch them for each call. */
  async iceServers(): Promise<RTCIceServer[]> {
    const reply = await this.request<Partial<IceServers> & { iceServers?: RTCIceServer[] }>('GET', '/api/v1/ice-servers');
    return reply.ice_servers ?? reply.iceServers ?? [];
  }

  /**
   * Any other request of the API, with the client's credential, an idempotency key, and one more try for what may be tried
   * again. Resolves with the JSON of the reply; rejects with a CarillonError.
   */
  request<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return this.#rest.request<T>(method, path, body);
  }

  // -------------------------------------------------------------------------------------------------------------------

  async #command(command: Command | Signal): Promise<ReplyFrame> {
    try {
      const reply = await this.#connection.command(command, this.#commandTimeoutMs);
      if (reply.call) {
        const isNew = !this.#calls.has(reply.call.call_id);
        // Starting or taking a call is what this device just did; the event that says so may come later.
        const call = this.#see(reply.call, { ownDoing: command.type === 'call.initiate' || command.type === 'call.accept' });
        if (isNew) this.#announce(call);
      }
      return reply;
    } catch (error) {
      if (error instanceof CarillonError && error.call) this.#see(error.call, {});
      this.#explain(command, error);
      throw error;
    }
  }

  /** Some refusals say what became of this device's ring before the event does. */
  #explain(command: Command | Signal, error: unknown): void {
    if (!(error instanceof CarillonError) || !('call_id' in command)) return;
    const call = this.#calls.get(command.call_id);
    if (!call) return;
    if (error.code === 'answered_elsewhere' || error.code === 'declined_elsewhere') call.stopRinging(error.code);
    if (error.code === 'call_not_found') call.vanish();
  }

  #receiver(): Receiver {
    return {
      replaced: (calls) => this.#replaced(calls),
      resumed: (missed, calls) => this.#resumed(missed, calls),
      delivered: (frame) => this.#delivered(frame),
      watched: (frame) => this.#watched(frame),
      answered: (reply) => void (reply.id !== undefined && this.#watches.get(reply.id)?.answered(reply)),
      callOpen: () => this.calls.some((call) => call.here || call.isRinging),
    };
  }

  #watched(frame: WatchFrame): void {
    const watch = this.#watches.get(frame.watch);
    // One that was just stopped, or a frame somebody sent past this client.
    if (!watch) this.emit('unknown', { ...frame });
    else watch.heard(frame);
  }

  get #watchHost(): WatchHost {
    return {
      clock: this.#clock,
      post: (frame) => this.#connection.post(frame),
      forget: (watch) => void this.#watches.delete(watch.id),
    };
  }

  #replaced(snapshot: CallObject[]): void {
    const listed = new Set(snapshot.map((call) => call.call_id));
    for (const call of this.calls) if (!listed.has(call.id)) call.vanish();
    this.#place(snapshot);
  }

  #resumed(missed: readonly (CallEvent | SignalFrame | UnknownFrame)[], snapshot: CallObject[]): void {
    const known = new Set(this.calls.map((call) => call.id));
    const announced: Call[] = [];
    for (const frame of missed) this.#apply(frame, (call) => announced.push(call));
    const listed = new Set(snapshot.map((call) => call.call_id));
    // Calls that began while this was on its way are not in the snapshot, and are no ghosts.
    for (const call of this.calls) if (known.has(call.id) && !listed.has(call.id)) call.vanish();
    this.#place(snapshot);
    // Only now is it known which of them still ring: a call that came and went meanwhile is history, not an alarm.
    for (const call of announced) this.#announce(call);
    this.emit('change');
  }

  #place(snapshot: CallObject[]): void {
    const first = !this.#hasSnapshot;
    this.#hasSnapshot = true;
    for (const data of snapshot) {
      const isNew = !this.#calls.has(data.call_id);
      const call = this.#see(data, {});
      if (!isNew) continue;
      // Known before this page was: a reload in the middle of a call.
      if (first && this.#isMine(data)) call.take({ resumed: true });
      this.#announce(call);
    }
    this.emit('change');
  }

  #isMine(data: CallObject): boolean {
    const me = data.participants.find((participant) => participant.user_id === this.userId);
    return me?.device_id === this.deviceId && (data.is_outgoing || data.state === 'accepted');
  }

  #delivered(frame: CallEvent | SignalFrame | UnknownFrame): void {
    this.#apply(frame, (call) => this.#announce(call));
  }

  #apply(frame: CallEvent | SignalFrame | UnknownFrame, appeared: (call: Call) => void): void {
    if (isEvent(frame)) this.#applyEvent(frame, appeared);
    else if (isSignal(frame)) this.#calls.get(frame.call_id)?.signal(frame);
    else this.emit('unknown', frame as UnknownFrame);
  }

  #applyEvent(event: CallEvent, appeared: (call: Call) => void): void {
    const before = this.#calls.get(event.call_id);
    const data = event.call ?? fromEvent(event, before?.data, this.userId);
    const cause = { event, ...(event.actor ? { actor: event.actor } : {}) };
    const withCountdown = event.remaining_ms === undefined ? data : { ...data, remaining_ms: event.remaining_ms };
    const call = this.#see(withCountdown, cause);
    call.hear(event);
    if (!before) appeared(call);
    if (event.event_type === 'call_started' && event.offer && call.isRinging) {
      const { offer, call_type, sender_id, sender_name, actor } = event;
      call.signal({
        type: 'call.offer', call_id: call.id, offer, call_type, caller_id: sender_id, caller_username: sender_name,
        from_user: sender_id, from_device: actor?.device_id ?? '',
      });
    }
    this.emit('event', event);
  }

  /** Brings the one object of this call up to date, making it if there is none. */
  #see(data: CallObject, cause: Cause): Call {
    const known = this.#calls.get(data.call_id);
    if (known) {
      known.see(data, cause);
      return known;
    }
    const call = new Call(this.#host, data);
    this.#calls.set(call.id, call);
    call.on('change', () => this.emit('change'));
    call.on('ended', () => this.emit('ended', call));
    call.on('finished', () => this.#forgetOldest());
    // The same view again, for what only the cause tells: whether the call is on this device.
    call.see(data, cause);
    // Seen for the first time when it was over already, as a call to somebody busy is.
    if (isTerminal(data.state)) {
      this.emit('ended', call);
      this.#forgetOldest();
    }
    return call;
  }

  #announce(call: Call): void {
    if (!call.isOver) this.emit('call', call);
    if (call.isRinging) {
      // Saying that it rings, when nothing listens, would tell the caller a lie.
      const rings = this.hears('incoming');
      this.emit('incoming', call);
      if (this.#acknowledge && rings) call.acknowledge();
    }
    this.emit('change');
  }

  #forgetOldest(): void {
    const over = [...this.#calls.values()].filter((call) => call.isFinished);
    for (const call of over.slice(0, Math.max(0, over.length - MAX_OVER))) this.#calls.delete(call.id);
  }

  get #host(): CallHost {
    const client = this;
    return {
      clock: this.#clock,
      deviceId: this.deviceId,
      get userId() { return client.userId; },
      get serverNow() { return client.#connection.serverNow; },
      command: (command) => client.#command(command),
      post: (signal) => client.#connection.post(signal),
    };
  }
}

/** The call as an event without a call object describes it, laid over what was known. */
function fromEvent(event: CallEvent, known: CallObject | undefined, reader: UserId | undefined): CallObject {
  const base: CallObject = known ?? {
    call_id: event.call_id,
    call_type: event.call_type ?? 'audio',
    mode: 'direct',
    state: 'calling',
    sender_id: event.sender_id ?? '',
    receiver_id: event.receiver_id ?? '',
    participants: [],
    is_outgoing: event.sender_id !== undefined && event.sender_id === reader,
    media_plane: event.jitsi_url === undefined ? 'p2p' : 'jitsi',
    created_at: event.created_at ?? event.timestamp ?? '',
    duration: 0,
    call_seq: 0,
  };
  const terminal = event.event_type === 'call_ended' || event.event_type === 'call_rejected';
  const { remaining_ms: _stale, ...rest } = base;
  return {
    ...rest,
    ...(event.sender_name === undefined ? {} : { sender_name: event.sender_name }),
    ...(event.receiver_name === undefined ? {} : { receiver_name: event.receiver_name }),
    ...(event.jitsi_url === undefined ? {} : { jitsi_url: event.jitsi_url }),
    ...(event.state === undefined ? {} : { state: event.state }),
    ...(terminal ? { reason: event.reason as NonNullable<CallObject['reason']> } : {}),
    call_seq: Math.max(base.call_seq, event.call_seq),
  };
}

function wireTimeouts(timeouts: NonNullable<CallOptions['timeouts']>): NonNullable<InitiateFields['timeouts']> {
  return {
    ...(timeouts.ringMs === undefined ? {} : { ring_timeout_ms: timeouts.ringMs }),
    ...(timeouts.setupMs === undefined ? {} : { setup_timeout_ms: timeouts.setupMs }),
    ...(timeouts.maxDurationMs === undefined ? {} : { max_duration_ms: timeouts.maxDurationMs }),
  };
}

/** An id that a tab keeps while it lives. Where storage is forbidden, one that lives as long as the page. */
function tabDeviceId(): string {
  try {
    const kept = globalThis.sessionStorage?.getItem(DEVICE_KEY);
    if (kept) return kept;
    const made = `web-${randomId()}`;
    globalThis.sessionStorage?.setItem(DEVICE_KEY, made);
    return made;
  } catch {
    return `web-${randomId()}`;
  }
}
