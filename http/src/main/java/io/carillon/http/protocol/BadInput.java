package io.carillon.http.protocol;

import java.io.Serial;

/**
 * What was sent cannot be taken as it is; carries what the sender is told. Never leaves a reader.
 */
final class BadInput extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  BadInput(Problem problem) {
    // Bad input is ordinary: no stack trace, which costs more than reading the frame did.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  static BadInput malformed(String detail) {
    return new BadInput(Problem.of(ErrorCode.MALFORMED, detail));
  }

  Problem problem() {
    return problem;
  }
}
