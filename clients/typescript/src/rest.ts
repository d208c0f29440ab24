import { backoffMs } from './backoff.js';
import type { Clock } from './clock.js';
import { CarillonError } from './errors.js';
import { randomId } from './ids.js';
import type { Problem } from './protocol.js';
import type { TokenSource } from './token.js';

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

interface RestOptions {
  url: string;
  token: TokenSource;
  clock: Clock;
  fetch: Fetch;
  /** Milliseconds for one request with all its tries. */
  timeoutMs: number;
}

/** `Retry-After` in milliseconds: seconds or a date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null, wallClockMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallClockMs);
}

/** Requests beside the socket, with the same credential. */
export class Rest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /**
   * One request. `401` asks for a new token once; `429`, `503` and a broken network are tried again, with the same
   * idempotency key and after what `Retry-After` says, while the time lasts.
   */
  async request<T>(method: string, path: string, body: unknown): Promise<T> {
    const { clock, timeoutMs } = this.#options;
    const key = method === 'GET' ? undefined : randomId();
    const endsAt = clock.now() + timeoutMs;
    let renewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#once<T>(method, path, body, key, renewed, endsAt);
      if (!(outcome instanceof CarillonError)) return outcome.json;
      if (outcome.status === 401 && !renewed) {
        renewed = true;
        continue;
      }
      const again = outcome.status === 429 || outcome.status === 503 || outcome.code === 'network';
      const wait = outcome.retryAfterMs ?? backoffMs({ attempt, lostForMs: 0, callOpen: true, random: clock.random() });
      if (!again || clock.now() + wait >= endsAt) throw outcome;
      await new Promise<void>((resolve) => clock.after(wait, resolve));
    }
  }

  async #once<T>(
    method: string, path: string, body: unknown, key: string | undefined, renewed: boolean, endsAt: number,
  ): Promise<{ json: T } | CarillonError> {
    const { clock, fetch, token, url } = this.#options;
    const controller = new AbortController();
    const timer = clock.after(endsAt - clock.now(), () => controller.abort());
    try {
      const credential = await token(renewed ? 'refused' : 'connect');
      if (credential === null) return new CarillonError({ code: 'closed', detail: 'nobody is signed in' });
      const response = await fetch(url + path, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${credential}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: controller.signal,
      });
      const text = await response.text();
      const json: unknown = text === '' ? {} : parse(text);
      if (response.ok) return { json: json as T };
      return refusal(response, json);
    } catch (error) {
      return controller.signal.aborted
        ? new CarillonError({ code: 'timeout', detail: `no answer to ${method} ${path} in time` })
        : new CarillonError({ code: 'network', detail: error instanceof Error ? error.message : String(error) });
    } finally {
      clock.clear(timer);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(response: Response, json: unknown): CarillonError {
  const problem = (typeof json === 'object' && json !== null ? json : {}) as Partial<Problem>;
  const wait = problem.retry_after_ms ?? retryAfterMs(response.headers.get('retry-after'), Date.now());
  return new CarillonError({
    ...problem,
    status: response.status,
    // A proxy on the way answers without our object; the status is then all there is.
    code: problem.code ?? (response.status === 503 ? 'unavailable' : response.status === 429 ? 'rate_limited' : 'not_found'),
    detail: problem.detail ?? problem.title ?? `HTTP ${response.status}`,
    ...(wait === undefined ? {} : { retry_after_ms: wait }),
  });
}
