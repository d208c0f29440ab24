/** The time and chance a client runs on; tests give their own. */
export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero means nothing. */
  now(): number;
  /** Runs `task` once after `ms` milliseconds; returns what `clear` takes. */
  after(ms: number, task: () => void): unknown;
  /** Forgets a task that has not run; harmless for one that has. */
  clear(handle: unknown): void;
  /** A number in [0, 1). */
  random(): number;
}

/** `setTimeout` fires at once for anything longer than this (2^31 - 1 ms, about 24 days). */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The clock of the machine: monotonic, so a wall clock set back or forth moves no countdown. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, task) => setTimeout(task, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS)),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  random: Math.random,
};
