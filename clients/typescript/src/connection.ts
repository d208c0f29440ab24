import { backoffMs, FIRST_TRY_MS, HURRY_MS } from './backoff.js';
import type { Clock } from './clock.js';
import { Commands } from './commands.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './errors.js';
import type {
  Administration, CallEvent, CallObject, ClientFrame, Command, ConnectionAckFrame, DisconnectFrame, Problem, ReplyFrame, ServerFrame, Signal,
  SignalFrame, UnknownFrame,
} from './protocol.js';
import { Seen } from './seen.js';
import { renewInMs, type TokenSource } from './token.js';
import type { WatchFrame } from './watch.js';
import { readFrame } from './wire.js';

/**
 * - `connecting`: a socket is being opened, or it is open and what was missed is still arriving;
 * - `connected`: up to date;
 * - `disconnected`: no socket; not started, closed by the application, or the next try is due soon;
 * - `suspended`: no connection for a minute; tries go on, further apart, and at once when the machine is online or awake;
 * - `failed`: the server said not to come back; `connect()` starts over.
 */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'suspended' | 'failed';

/** A change of the connection and why. */
export interface ConnectionChange {
  state: ConnectionState;
  previous: ConnectionState;
  /** The close or `disconnect` code behind the change, when there was one. */
  code?: number;
  /** The server's word for it, or `no_heartbeat`, `no_network`, `signed_out`, `closed`. */
  reason?: string;
  /** Milliseconds until the next try, when one is due. */
  retryInMs?: number;
}

/** The part of the standard `WebSocket` this client uses; in Node give it the class of the package `ws`. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** Where wake-up calls come from: `window` and `document` in a browser, nothing in Node. */
export interface Surroundings {
  window?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  document?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & { readonly visibilityState: string };
}

/** Who takes what the connection delivers. Every call happens in stream order. */
export interface Receiver {
  /** The whole truth about open calls; whatever was known before is replaced. */
  replaced(calls: CallObject[]): void;
  /** A resumed stream: the missed frames in order, then the open calls as the server sees them. */
  resumed(missed: readonly (CallEvent | SignalFrame | UnknownFrame)[], calls: CallObject[]): void;
  /** A live frame. */
  delivered(frame: CallEvent | SignalFrame | UnknownFrame): void;
  /** A frame about an administrator's watch. */
  watched(frame: WatchFrame): void;
  /** A reply to something that was posted with an id of its own. */
  answered(reply: ReplyFrame): void;
  /** Whether a call is open, which makes the connection hurry. */
  callOpen(): boolean;
}

export interface ConnectionOptions {
  /** The `ws:` or `wss:` address of the socket. */
  url: string;
  deviceId: string;
  token: TokenSource;
  receiver: Receiver;
  clock: Clock;
  webSocket: SocketConstructor;
  surroundings: Surroundings;
  /** Milliseconds without any progress after which an attempt to connect is given up. */
  connectTimeoutMs: number;
}

export type ConnectionEvents = {
  state: [change: ConnectionChange];
  /** Every frame of the socket as it passes, ours (`out`) and theirs (`in`); tokens are blotted out. */
  frame: [direction: 'in' | 'out', frame: ServerFrame | ClientFrame | UnknownFrame];
  /** The server could not read a frame of ours, or refused one that waits for no reply. */
  problem: [problem: Problem];
};

/** Codes after which coming back is pointless: bad request, unauthenticated, forbidden, replaced. */
const FINAL_CODES: ReadonlySet<number> = new Set([4000, 4001, 4003, 4005]);
/** Draining, rebalance, token expired: another node, or a new token, is ready now. */
const AT_ONCE_CODES: ReadonlySet<number> = new Set([4200, 4201, 4202]);
const TOKEN_EXPIRED = 4202;
const NO_HEARTBEAT = 4109;

const DEFAULT_HEARTBEAT_MS = 10_000;
const PROBE_MS = 5_000;
const ACK_AFTER_MS = 1_000;
const TOKEN_RETRY_MS = 5_000;
/** A token with less life than this is not worth opening a socket with. */
const TOKEN_WORTH_MS = 10_000;
/** Event ids remembered against duplicates. */
const SEEN_CAPACITY = 4_096;
/** More missed frames than this are not kept back: a snapshot is cheaper. The server keeps 10,000 events per user. */
const MAX_MISSED = 20_000;
type Verdict = { code?: number; reason: string; reconnect: boolean; afterMs?: number; refused?: boolean };

/** One socket after another, looking like a connection that is sometimes away. */
export class Connection extends Emitter<ConnectionEvents> {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #commands: Commands;
  readonly #seen = new Seen(SEEN_CAPACITY);

  #state: ConnectionState = 'disconnected';
  #wanted = false;
  #socket: SocketLike | undefined;
  /** Frames pass only in `open`; before that they are kept back. */
  #gate: 'closed' | 'hello' | 'catchup' | 'open' = 'closed';
  #missed: (CallEvent | SignalFrame | UnknownFrame)[] = [];
  #acknowledgement: ConnectionAckFrame | undefined;
  #helloHadCursor = false;
  #verdict: Verdict | undefined;

  #cursor: string | undefined;
  #ackedCursor: string | undefined;
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;
  #heardAt = 0;
  #framesHeard = 0;
  #attempt = 0;
  #lostAt: number | undefined;
  #connectedAt: number | undefined;
  /** The server asked not to be tried before this. */
  #notBefore = 0;
  /** Server wall clock minus our monotonic clock, in milliseconds. */
  #serverOffset: number | undefined;

  #token: string | undefined;
  #tokenRefused = false;

  #retryTimer: unknown;
  #connectTimer: unknown;
  #lifeTimer: unknown;
  #ackTimer: unknown;
  #tokenTimer: unknown;
  #stopListening: (() => void) | undefined;
  /** Counts attempts, so that an answer that belongs to an earlier one is recognised. */
  #generation = 0;

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock;
    this.#commands = new Commands(this.#clock, (frame) => this.#gate === 'open' && this.#transmit(frame));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The place in the stream up to which everything has been delivered. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** What the server said when it let us in; of the last connection while there is none. */
  get acknowledgement(): ConnectionAckFrame | undefined {
    return this.#acknowledgement;
  }

  /** The server's wall clock in milliseconds since 1970, as far as known; its error is about the travel time of a frame. */
  get serverNow(): number | undefined {
    return this.#serverOffset === undefined ? undefined : this.#serverOffset + this.#clock.now();
  }

  /** Starts connecting, and stays connected until `close`. Harmless when already started. */
  connect(): void {
    if (this.#wanted && this.#state !== 'failed') return;
    this.#wanted = true;
    this.#attempt = 0;
    this.#lostAt = this.#clock.now();
    this.#stopListening ??= this.#listenForWaking();
    void this.#open();
  }

  /** Leaves for good: the socket closes, pending commands are rejected with `closed`, nothing is tried again. */
  close(): void {
    this.#wanted = false;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#drop(1000, 'closed');
    this.#commands.abandon(new CarillonError({ code: 'closed', detail: 'the client was closed' }));
    if (this.#state !== 'disconnected') this.#enter('disconnected', { reason: 'closed' });
  }

  /** Sends a command and waits for its reply; see {@link Commands.send}. */
  command(command: Command | Signal, timeoutMs: number): Promise<ReplyFrame> {
    if (this.#state === 'failed') {
      return Promise.reject(new CarillonError({ code: 'closed', detail: 'the server refused the connection' }));
    }
    return this.#commands.send(command, timeoutMs);
  }

  /** Sends a frame that waits for no reply; false when there is no connection, and the frame is then lost. */
  post(frame: Signal | Administration): boolean {
    return this.#gate === 'open' && this.#transmit(frame);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Opening

  async #open(): Promise<void> {
    this.#clearTimers();
    const generation = ++this.#generation;
    this.#verdict = undefined;
    this.#enter('connecting', {});
    const token = await this.#freshToken();
    if (generation !== this.#generation || !this.#wanted) return;
    if (token === undefined) return this.#lost({ reason: 'no_token', reconnect: true });
    if (token === null) return this.#lost({ reason: 'signed_out', reconnect: false });

    let socket: SocketLike;
    try {
      socket = new this.#options.webSocket(this.#options.url, ['carillon.v1']);
    } catch (error) {
      return this.#lost({ reason: error instanceof Error ? error.message : 'no_socket', reconnect: true });
    }
    this.#socket = socket;
    this.#gate = 'hello';
    this.#watchProgress();
    socket.onopen = () => {
      this.#helloHadCursor = this.#cursor !== undefined;
      this.#transmit({
        type: 'hello',
        token,
        device_id: this.#options.deviceId,
        platform: 'web',
        ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
      });
    };
    socket.onmessage = (event: { data: unknown }) => this.#heard(event.data);
    socket.onclose = (event: { code: number; reason: string }) => {
      this.#lost(this.#verdict ?? {
        code: event.code,
        reason: event.reason || 'no_network',
        reconnect: !FINAL_CODES.has(event.code),
        refused: event.code === TOKEN_EXPIRED,
      });
    };
    // A failed socket always closes as well; an `error` without a listener would be thrown by some implementations.
    socket.onerror = () => undefined;
  }

  /** A token worth using: undefined when the source failed, null when nobody is signed in. */
  async #freshToken(): Promise<string | null | undefined> {
    if (this.#token !== undefined && !this.#tokenRefused) {
      const serverNow = this.serverNow;
      const left = serverNow === undefined ? undefined : renewInMs(this.#token, serverNow);
      if (left !== undefined && left > TOKEN_WORTH_MS) return this.#token;
    }
    try {
      const token = await this.#options.token(this.#tokenRefused ? 'refused' : 'connect');
      this.#token = token ?? undefined;
      this.#tokenRefused = false;
      return token;
    } catch {
      return undefined;
    }
  }

  #watchProgress(): void {
    this.#clock.clear(this.#connectTimer);
    this.#connectTimer = this.#clock.after(this.#options.connectTimeoutMs, () => {
      this.#drop(NO_HEARTBEAT, 'no_answer');
      this.#lost({ reason: 'no_answer', reconnect: true });
    });
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Hearing

  #heard(data: unknown): void {
    this.#heardAt = this.#clock.now();
    this.#framesHeard += 1;
    const frame = typeof data === 'string' ? readFrame(data) : undefined;
    if (!frame) return;
    if (this.#gate !== 'open') this.#watchProgress();
    this.emit('frame', 'in', frame);
    this.#handle(frame as ServerFrame);
  }

  #handle(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ping':
        // Any frame counts as life, and this one is answered: each side learns that the other is there.
        this.#transmit({ type: 'ping' });
        return;
      case 'pong':
        return;
      case 'connection.ack':
        this.#letIn(frame);
        return;
      case 'catchup.done':
        if (this.#gate === 'catchup') this.#openGate();
        this.#advance(frame.cursor);
        return;
      case 'resync':
        this.#missed = [];
        this.#options.receiver.replaced(frame.calls);
        this.#advance(frame.cursor);
        if (this.#gate === 'catchup') this.#enterConnected();
        return;
      case 'auth.expiring':
        void this.#renewToken();
        return;
      case 'disconnect':
        this.#dismissed(frame);
        return;
      case 'reply':
        // A frame that waits for no reply gets one only when it is refused.
        if (frame.id === undefined && frame.error) this.emit('problem', frame.error);
        else if (!this.#commands.settle(frame)) this.#options.receiver.answered(frame);
        return;
      case 'error':
        this.emit('problem', frame.error);
        return;
      case 'admin.snapshot':
      case 'admin.event':
      case 'admin.counters':
      case 'admin.ended':
        this.#options.receiver.watched(frame);
        return;
      default:
        if (this.#gate === 'open') this.#deliver(frame);
        else this.#keepBack(frame);
    }
  }

  #letIn(frame: ConnectionAckFrame): void {
    this.#acknowledgement = frame;
    if (frame.heartbeat_ms > 0) this.#heartbeatMs = frame.heartbeat_ms;
    const serverTime = Date.parse(frame.server_time);
    if (Number.isFinite(serverTime)) this.#serverOffset = serverTime - this.#clock.now();
    this.#gate = 'catchup';
    this.#missed = [];
    this.#watchLife();
    this.#armTokenTimer();
    if (this.#helloHadCursor) return;
    // Nothing was asked for from the past: the snapshot is all there is to catch up with.
    this.#openGate();
    this.#advance(frame.cursor);
  }

  #keepBack(frame: CallEvent | SignalFrame | UnknownFrame): void {
    if (this.#missed.length < MAX_MISSED) {
      this.#missed.push(frame);
      return;
    }
    this.#cursor = undefined;
    this.#drop(1000, 'too_much_missed');
    this.#lost({ reason: 'too_much_missed', reconnect: true, afterMs: 0 });
  }

  #openGate(): void {
    const calls = this.#acknowledgement?.calls ?? [];
    const missed = this.#missed.filter((frame) => this.#isNew(frame));
    this.#missed = [];
    if (this.#helloHadCursor && this.#acknowledgement?.recovered !== false) {
      this.#options.receiver.resumed(missed, calls);
    } else {
      this.#options.receiver.replaced(calls);
      for (const frame of missed) this.#options.receiver.delivered(frame);
    }
    for (const frame of missed) this.#advanceBy(frame);
    this.#enterConnected();
  }

  #enterConnected(): void {
    this.#gate = 'open';
    this.#clock.clear(this.#connectTimer);
    this.#connectedAt = this.#clock.now();
    this.#enter('connected', {});
    this.#commands.resend();
  }

  #deliver(frame: CallEvent | SignalFrame | UnknownFrame): void {
    if (this.#isNew(frame)) this.#options.receiver.delivered(frame);
    this.#advanceBy(frame);
  }

  #isNew(frame: { type: string; event_id?: unknown }): boolean {
    return typeof frame.event_id !== 'string' || this.#seen.first(frame.event_id);
  }

  #advanceBy(frame: { type: string; cursor?: unknown }): void {
    if (typeof frame.cursor === 'string') this.#advance(frame.cursor);
  }

  /** Everything up to here has been delivered. The server is told a little later, once for many. */
  #advance(cursor: string): void {
    this.#cursor = cursor;
    this.#ackTimer ??= this.#clock.after(ACK_AFTER_MS, () => {
      this.#ackTimer = undefined;
      if (this.#gate !== 'open' || this.#cursor === undefined || this.#cursor === this.#ackedCursor) return;
      if (this.#transmit({ type: 'ack', cursor: this.#cursor })) this.#ackedCursor = this.#cursor;
    });
  }

  #dismissed(frame: DisconnectFrame): void {
    this.#verdict = {
      code: frame.code,
      reason: frame.reason,
      reconnect: frame.reconnect !== false && !FINAL_CODES.has(frame.code),
      refused: frame.code === TOKEN_EXPIRED,
      ...(frame.after_ms === undefined ? {} : { afterMs: frame.after_ms }),
    };
    // The server closes next; if its close is lost on the way, ours is not.
    this.#drop(1000, 'disconnect');
    this.#lost(this.#verdict);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Losing

  #lost(verdict: Verdict): void {
    const now = this.#clock.now();
    const stable = this.#connectedAt !== undefined && now - this.#connectedAt >= this.#heartbeatMs;
    if (this.#connectedAt !== undefined) this.#lostAt = now;
    this.#connectedAt = undefined;
    this.#drop();
    if (!this.#wanted) return;
    if (verdict.refused) this.#tokenRefused = true;
    const why = { ...(verdict.code === undefined ? {} : { code: verdict.code }), reason: verdict.reason };
    if (!verdict.reconnect) {
      this.#commands.abandon(new CarillonError({ code: 'closed', detail: `the connection was refused: ${verdict.reason}` }));
      this.#enter('failed', why);
      return;
    }
    // A server that lets us in and throws us out at once must not be asked twice a second.
    if (stable) this.#attempt = 0;
    const hurry = verdict.code !== undefined && AT_ONCE_CODES.has(verdict.code) && this.#attempt === 0;
    const delay = verdict.afterMs ?? backoffMs({
      attempt: hurry ? 0 : this.#attempt,
      lostForMs: now - (this.#lostAt ?? now),
      callOpen: this.#options.receiver.callOpen(),
      random: this.#clock.random(),
    });
    this.#attempt += 1;
    this.#notBefore = verdict.afterMs === undefined ? now : now + verdict.afterMs;
    this.#retryIn(delay, why);
  }

  #retryIn(delayMs: number, why: { code?: number; reason?: string }): void {
    const lostForMs = this.#clock.now() - (this.#lostAt ?? this.#clock.now());
    this.#retryTimer = this.#clock.after(delayMs, () => void this.#open());
    this.#enter(lostForMs >= HURRY_MS ? 'suspended' : 'disconnected', { ...why, retryInMs: delayMs });
  }

  /** Lets go of the socket, without waiting for its close: on a dead network that takes minutes. */
  #drop(code?: number, reason?: string): void {
    this.#clearTimers();
    this.#generation += 1;
    this.#gate = 'closed';
    this.#missed = [];
    this.#ackedCursor = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // `onerror` stays: closing a socket that is still connecting reports an error.
    try {
      if (code !== undefined) socket.close(code, reason ?? '');
      else socket.close();
    } catch {
      // It was closed already, or never opened: either way it is gone.
    }
  }

  #clearTimers(): void {
    for (const timer of [this.#retryTimer, this.#connectTimer, this.#lifeTimer, this.#ackTimer, this.#tokenTimer]) {
      this.#clock.clear(timer);
    }
    this.#retryTimer = this.#connectTimer = this.#lifeTimer = this.#ackTimer = this.#tokenTimer = undefined;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Staying alive

  /** Two heartbeats missed, and a quarter for the road: the socket is dead whatever it says itself. */
  #watchLife(): void {
    const allowed = this.#heartbeatMs * 2.25;
    const due = Math.max(this.#heardAt, this.#clock.now() - allowed) + allowed;
    this.#clock.clear(this.#lifeTimer);
    this.#lifeTimer = this.#clock.after(due - this.#clock.now(), () => {
      const now = this.#clock.now();
      if (now - this.#heardAt < allowed) return this.#watchLife();
      // Woken much later than asked: the page slept, and what came meanwhile is still to be read. Ask before giving up.
      if (now - due > this.#heartbeatMs) return this.#probe();
      this.#dead();
    });
  }

  #probe(): void {
    if (this.#gate === 'closed' || this.#gate === 'hello') return;
    const before = this.#framesHeard;
    this.#transmit({ type: 'ping' });
    this.#clock.clear(this.#lifeTimer);
    this.#lifeTimer = this.#clock.after(PROBE_MS, () => {
      if (this.#framesHeard > before) this.#watchLife();
      else this.#dead();
    });
  }

  #dead(): void {
    this.#drop(NO_HEARTBEAT, 'no_heartbeat');
    this.#lost({ code: NO_HEARTBEAT, reason: 'no_heartbeat', reconnect: true });
  }

  /** The network is back, or somebody looks at the page again: now is a better time than the one drawn by lot. */
  #wake(): void {
    if (!this.#wanted || this.#state === 'failed') return;
    if (this.#retryTimer === undefined) return this.#probe();
    this.#clock.clear(this.#retryTimer);
    const wait = Math.max(this.#notBefore - this.#clock.now(), Math.floor(this.#clock.random() * FIRST_TRY_MS));
    this.#attempt = 0;
    this.#retryTimer = this.#clock.after(wait, () => void this.#open());
  }

  #listenForWaking(): () => void {
    const { window, document } = this.#options.surroundings;
    const wake = (): void => this.#wake();
    const wakeIfVisible = (): void => {
      if (document?.visibilityState === 'visible') this.#wake();
    };
    const names = ['online', 'offline', 'pageshow'];
    for (const name of names) window?.addEventListener(name, wake);
    document?.addEventListener('visibilitychange', wakeIfVisible);
    return () => {
      for (const name of names) window?.removeEventListener(name, wake);
      document?.removeEventListener('visibilitychange', wakeIfVisible);
    };
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Staying signed in

  #armTokenTimer(): void {
    this.#clock.clear(this.#tokenTimer);
    const serverNow = this.serverNow;
    const wait = this.#token === undefined || serverNow === undefined ? undefined : renewInMs(this.#token, serverNow);
    // At least a second: a source that keeps giving expired tokens must not be asked in a tight loop.
    if (wait !== undefined) this.#tokenTimer = this.#clock.after(Math.max(wait, 1_000), () => void this.#renewToken());
  }

  async #renewToken(): Promise<void> {
    this.#clock.clear(this.#tokenTimer);
    const generation = this.#generation;
    const before = this.#token;
    let token: string | null | undefined;
    try {
      token = await this.#options.token('expiring');
    } catch {
      token = undefined;
    }
    if (generation !== this.#generation) return;
    if (token === null) {
      this.#drop(1000, 'signed_out');
      this.#lost({ reason: 'signed_out', reconnect: false });
    } else if (token === undefined || token === before) {
      this.#tokenTimer = this.#clock.after(TOKEN_RETRY_MS, () => void this.#renewToken());
    } else {
      this.#token = token;
      this.#transmit({ type: 'auth.refresh', token });
      this.#armTokenTimer();
    }
  }

  // -------------------------------------------------------------------------------------------------------------------

  #transmit(frame: ClientFrame): boolean {
    const socket = this.#socket;
    if (!socket) return false;
    try {
      socket.send(JSON.stringify(frame));
    } catch {
      // The socket is closing; its close is on the way and brings the next attempt.
      return false;
    }
    this.emit('frame', 'out', 'token' in frame ? { ...frame, token: '…' } : frame);
    return true;
  }

  #enter(state: ConnectionState, why: { code?: number; reason?: string; retryInMs?: number }): void {
    const previous = this.#state;
    this.#state = state;
    this.emit('state', { state, previous, ...why });
  }
}
