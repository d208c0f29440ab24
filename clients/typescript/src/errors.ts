import type { CallObject, ErrorCode, Open, Problem } from './protocol.js';

/** Codes the client itself gives, beside those of the server. */
export type LocalCode = 'timeout' | 'closed' | 'network' | 'too_many_pending';

/** A refused or unanswered command or request. */
export class CarillonError extends Error {
  override readonly name = 'CarillonError';
  /** The server's code, or one of ours: `timeout` (the outcome is unknown), `closed`, `network`, `too_many_pending`. */
  readonly code: Open<ErrorCode | LocalCode>;
  /** The HTTP status that belongs to the code; 0 for our own codes. */
  readonly status: number;
  /** Whether the same command may be sent again and then succeed. */
  readonly retryable: boolean;
  /** Milliseconds to wait before that, when the server said so. */
  readonly retryAfterMs: number | undefined;
  /** The call as it stands, when the refusal carries it: no second request is needed to show what happened. */
  readonly call: CallObject | undefined;
  /** The whole object of the server, when it was the server that refused. */
  readonly problem: Problem | undefined;

  constructor(problem: Problem | { code: LocalCode; detail: string }) {
    super(problem.detail ?? ('title' in problem ? problem.title : undefined) ?? problem.code);
    const full = 'status' in problem ? problem : undefined;
    this.code = problem.code;
    this.status = full?.status ?? 0;
    this.retryable = full?.retryable ?? (problem.code === 'network' || problem.code === 'timeout');
    this.retryAfterMs = full?.retry_after_ms;
    this.call = full?.call;
    this.problem = full;
  }
}
