import type { Clock } from './clock.js';

/** A span that runs out on a monotonic clock: what the server said was left, less what has passed here since. */
export class Countdown {
  readonly #clock: Clock;
  readonly #endsAt: number;

  /** @param remainingMs milliseconds left at this moment, as the server sent them; less than none counts as none */
  constructor(clock: Clock, remainingMs: number) {
    this.#clock = clock;
    this.#endsAt = clock.now() + Math.max(0, remainingMs);
  }

  /** Milliseconds left, never negative. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#clock.now());
  }
}
