import type { Clock } from './clock.js';
import { backoffMs } from './backoff.js';
import { CarillonError } from './errors.js';
import { randomId } from './ids.js';
import type { Command, Correlated, ReplyFrame, Signal } from './protocol.js';

type Outgoing = (Command | Signal) & Correlated;

interface Pending {
  frame: Outgoing & { id: string };
  resolve(reply: ReplyFrame): void;
  reject(error: CarillonError): void;
  deadline: unknown;
  /** Set while the command waits before it is sent again after `unavailable` or `rate_limited`. */
  again?: unknown;
  tries: number;
}

/** Unanswered commands beyond this are refused at once: a page that cannot get through must not fill its memory. */
export const MAX_PENDING = 256;

/**
 * Commands on their way. Each has an `id` by which its reply is found and an `idempotency_key` that stays the same however
 * often it is sent: a repeat after a broken connection gets the first result, not a second call.
 */
export class Commands {
  readonly #clock: Clock;
  readonly #transmit: (frame: Outgoing) => boolean;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;

  /** @param transmit sends a frame if there is a connection ready for commands; false when there is none */
  constructor(clock: Clock, transmit: (frame: Outgoing) => boolean) {
    this.#clock = clock;
    this.#transmit = transmit;
  }

  /**
   * Sends a command now, or as soon as there is a connection, and resolves with the reply that accepts it. Rejects with the
   * server's refusal; with `timeout` when no reply came in `timeoutMs` (the outcome is then unknown); with `closed` when the
   * connection was given up; with `too_many_pending` when 256 commands wait already.
   */
  send(command: Command | Signal, timeoutMs: number): Promise<ReplyFrame> {
    return new Promise((resolve, reject) => {
      if (this.#pending.size >= MAX_PENDING) {
        reject(new CarillonError({ code: 'too_many_pending', detail: `${MAX_PENDING} commands are waiting for a reply` }));
        return;
      }
      const id = String(++this.#lastId);
      const pending: Pending = {
        frame: { ...command, id, idempotency_key: randomId() },
        resolve,
        reject,
        tries: 0,
        deadline: this.#clock.after(timeoutMs, () => {
          this.#take(id)?.reject(
            new CarillonError({ code: 'timeout', detail: `no reply to ${command.type} within ${timeoutMs} ms` }));
        }),
      };
      this.#pending.set(id, pending);
      this.#transmit(pending.frame);
    });
  }

  /** Gives a reply to the command it answers; false where it answers none that waits. */
  settle(reply: ReplyFrame): boolean {
    const { id } = reply;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (!pending || id === undefined) return false;
    const problem = reply.error;
    if (reply.ok) {
      this.#take(id)?.resolve(reply);
    } else if (problem && (problem.code === 'unavailable' || problem.code === 'rate_limited')) {
      // The server does not know, or does not want to know yet: the same key may be sent again until the time is up.
      const wait = problem.retry_after_ms ?? backoffMs({
        attempt: ++pending.tries, lostForMs: 0, callOpen: true, random: this.#clock.random(),
      });
      this.#clock.clear(pending.again);
      pending.again = this.#clock.after(wait, () => {
        delete pending.again;
        this.#transmit(pending.frame);
      });
    } else {
      this.#take(id)?.reject(new CarillonError(
        problem ?? { code: 'network', detail: 'the reply was a refusal without a reason' }));
    }
    return true;
  }

  /** Sends everything unanswered again, in the order it was first sent: a new connection is ready. */
  resend(): void {
    for (const pending of this.#pending.values()) if (pending.again === undefined) this.#transmit(pending.frame);
  }

  /** Gives up on everything unanswered. */
  abandon(error: CarillonError): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }

  get size(): number {
    return this.#pending.size;
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    this.#clock.clear(pending.deadline);
    this.#clock.clear(pending.again);
    return pending;
  }
}
