package io.carillon.http.rest;

import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import java.io.Serial;

/** A request that is answered with a problem; thrown or failed with by whoever finds it out. */
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Refusal(Problem problem) {
    // An ordinary answer: no stack trace.
    super(problem.code().code(), null, false, false);
    this.problem = problem;
  }

  Refusal(ErrorCode code) {
    this(Problem.of(code));
  }

  Problem problem() {
    return problem;
  }
}
