/** Why a token is asked for. After `refused` the one given before must not be given again. */
export type TokenReason = 'connect' | 'expiring' | 'refused';

/**
 * Gives the token of the signed-in user. It is asked again before the token expires and whenever the server refuses it. A
 * rejected promise counts as a failed try and is repeated with the back-off; `null` means that nobody is signed in any
 * more, and the connection goes to `failed`.
 */
export type TokenSource = (reason: TokenReason) => Promise<string | null> | string | null;

/** The seconds-since-1970 claims of a JWT; nothing for an opaque or unreadable token. No signature is checked here. */
export function tokenTimes(token: string): { exp?: number; iat?: number } {
  const payload = token.split('.')[1];
  if (!payload) return {};
  try {
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    if (typeof claims !== 'object' || claims === null) return {};
    const { exp, iat } = claims as Record<string, unknown>;
    return {
      ...(typeof exp === 'number' ? { exp } : {}),
      ...(typeof iat === 'number' ? { iat } : {}),
    };
  } catch {
    return {};
  }
}

/** A token is renewed this long before its end, or at half of what is left of a shorter one. */
export const RENEW_BEFORE_MS = 60_000;

/**
 * Milliseconds until a token that the server accepted at `serverTimeMs` wants renewal; undefined when it does not say when
 * it ends. Both times are the server's: the clock of this machine may be wrong by hours.
 */
export function renewInMs(token: string, serverTimeMs: number): number | undefined {
  const { exp } = tokenTimes(token);
  if (exp === undefined || !Number.isFinite(serverTimeMs)) return undefined;
  const left = exp * 1000 - serverTimeMs;
  return Math.max(0, left - Math.min(RENEW_BEFORE_MS, left / 2));
}
