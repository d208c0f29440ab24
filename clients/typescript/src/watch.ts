import { isTerminal } from './call.js';
import type { Clock } from './clock.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './errors.js';
import type {
  Administration, AdminCountersFrame, AdminEndedFrame, AdminEventFrame, AdminSnapshotFrame, CallObject, ReplyFrame, UserId,
} from './protocol.js';

/** What a watch follows: with neither a call nor a user, the whole realm. */
export interface WatchOptions {
  callId?: string;
  userId?: UserId;
  /** Go on from here, at most 24 hours later: the `cursor` of an earlier watch of the same. Then `calls` begins empty. */
  cursor?: string;
}

export type WatchEvents = {
  /** How things stand, whole: when the watch begins, and again where too much was missed to be told event by event. */
  snapshot: [calls: readonly CallObject[]];
  /** Something happened; in the order in which it was stored, each once. */
  event: [event: AdminEventFrame];
  /** Open calls and sockets of the realm; for watches of the whole realm. */
  counters: [counters: AdminCountersFrame];
  /** `calls` changed. */
  change: [];
  /** The watch is over: refused, or no longer allowed. Nothing is told after this. */
  ended: [error: CarillonError];
};

/** A frame of the server about a watch. */
export type WatchFrame = AdminSnapshotFrame | AdminEventFrame | AdminCountersFrame | AdminEndedFrame;

/** What a watch needs of its client. */
export interface WatchHost {
  clock: Clock;
  /** Sends a frame; false where there is no connection now. */
  post(frame: Administration): boolean;
  /** The watch is over: nothing is to be given to it any more. */
  forget(watch: Watch): void;
}

const RETRY_MS = 1_000;
/** So many calls that are over are remembered, so that what is told of them again is known. */
const MAX_OVER = 1_000;

/**
 * Follows a realm, a call or a user, as administrators may; recorded by the server. It goes on over reconnects from where it
 * was, until `stop`.
 */
export class Watch extends Emitter<WatchEvents> {
  /** Names the watch in the frames about it. */
  readonly id: string;
  readonly options: WatchOptions;

  readonly #host: WatchHost;
  readonly #open = new Map<string, CallObject>();
  /** The number of the last event of each call that was told. */
  readonly #told = new Map<string, number>();
  #parts: CallObject[] = [];
  #cursor: string | undefined;
  #counters: AdminCountersFrame | undefined;
  #truncated = false;
  #over = false;
  #retryTimer: unknown;

  constructor(host: WatchHost, id: string, options: WatchOptions) {
    super();
    this.#host = host;
    this.id = id;
    this.options = options;
    this.#cursor = options.cursor;
  }

  /** The open calls, oldest first, as they are now. */
  get calls(): readonly CallObject[] { return [...this.#open.values()]; }
  /** The latest numbers; undefined before the first, and for a watch of one call or user. */
  get counters(): AdminCountersFrame | undefined { return this.#counters; }
  /** Where the watch stands: another one can go on from here. */
  get cursor(): string | undefined { return this.#cursor; }
  /** Whether there were more open calls than a snapshot tells of; what happens to the others is told all the same. */
  get isTruncated(): boolean { return this.#truncated; }
  get isOver(): boolean { return this.#over; }

  /** Ends the watch; harmless when it is over. */
  stop(): void {
    if (this.#over) return;
    this.#finish();
    this.#host.post({ type: 'admin.unwatch', id: `${this.id}-stop`, watch: this.id });
  }

  /** There is a connection, and the server knows nothing of this watch on it. */
  begin(): void {
    this.#host.clock.clear(this.#retryTimer);
    this.#parts = [];
    const { callId, userId } = this.options;
    this.#host.post({
      type: 'admin.watch',
      id: this.id,
      ...(callId === undefined ? {} : { call_id: callId }),
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(this.#cursor === undefined ? {} : { watch_cursor: this.#cursor }),
    });
  }

  /** The server's answer to `begin`. */
  answered(reply: ReplyFrame): void {
    if (reply.ok || this.#over) return;
    const problem = reply.error;
    if (problem?.code === 'unavailable' || problem?.code === 'rate_limited') {
      this.#retryTimer = this.#host.clock.after(problem.retry_after_ms ?? RETRY_MS, () => this.begin());
    } else {
      this.end(new CarillonError(problem ?? { code: 'network', detail: 'the reply was a refusal without a reason' }));
    }
  }

  /** A frame about this watch. */
  heard(frame: WatchFrame): void {
    if (this.#over) return;
    switch (frame.type) {
      case 'admin.snapshot':
        this.#stands(frame);
        return;
      case 'admin.event':
        this.#happened(frame);
        return;
      case 'admin.counters':
        this.#counters = frame;
        this.emit('counters', frame);
        return;
      case 'admin.ended':
        this.end(new CarillonError(frame.error));
    }
  }

  /** The watch is over for this reason. */
  end(error: CarillonError): void {
    if (this.#over) return;
    this.#finish();
    this.emit('ended', error);
  }

  #finish(): void {
    this.#over = true;
    this.#host.clock.clear(this.#retryTimer);
    this.#host.forget(this);
  }

  #stands(frame: AdminSnapshotFrame): void {
    if (!frame.recovered) {
      this.#parts.push(...frame.calls);
      if (frame.more) return;
      this.#open.clear();
      this.#told.clear();
      for (const call of this.#parts) this.#keep(call);
      this.#parts = [];
      this.#truncated = frame.truncated ?? false;
    }
    // Only now: whoever begins again from a cursor gets no parts.
    this.#cursor = frame.watch_cursor ?? this.#cursor;
    if (frame.recovered) return;
    this.emit('snapshot', this.calls);
    this.emit('change');
  }

  #happened(frame: AdminEventFrame): void {
    this.#cursor = frame.watch_cursor;
    if (frame.call_seq <= (this.#told.get(frame.call_id) ?? 0)) return;
    this.#keep(frame.call, frame.call_seq);
    this.emit('event', frame);
    this.emit('change');
  }

  #keep(call: CallObject, seq = call.call_seq): void {
    this.#told.delete(call.call_id);
    this.#told.set(call.call_id, seq);
    if (!isTerminal(call.state)) {
      this.#open.set(call.call_id, call);
      return;
    }
    this.#open.delete(call.call_id);
    for (const known of this.#told.keys()) {
      if (this.#told.size <= this.#open.size + MAX_OVER) break;
      if (!this.#open.has(known)) this.#told.delete(known);
    }
  }
}
