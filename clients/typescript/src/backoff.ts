/** What the next delay depends on. */
export interface Attempt {
  /** Tries since the last stable connection; 0 for the first. */
  attempt: number;
  /** Milliseconds since the connection was lost, or since the first try. */
  lostForMs: number;
  /** Whether a call is open: someone is waiting, so the client hurries. */
  callOpen: boolean;
  /** A number in [0, 1). */
  random: number;
}

export const FIRST_TRY_MS = 500;
export const HURRIED_CAP_MS = 3_000;
export const PATIENT_CAP_MS = 30_000;
/** For so long after a loss the client hurries even without a call. */
export const HURRY_MS = 60_000;

/**
 * How long to wait before the next try, in milliseconds: full jitter over a ceiling that doubles from 500 ms to 3 s in the
 * first minute or while a call is open, and to 30 s after that. The whole interval is random, not its upper half: after a
 * node dies, its clients must not come back together.
 */
export function backoffMs({ attempt, lostForMs, callOpen, random }: Attempt): number {
  const cap = callOpen || lostForMs < HURRY_MS ? HURRIED_CAP_MS : PATIENT_CAP_MS;
  // The exponent is bounded so that a client left alone for a week does not compute Infinity * 0.
  const ceiling = Math.min(cap, FIRST_TRY_MS * 2 ** Math.min(attempt, 16));
  return Math.floor(random * ceiling);
}
