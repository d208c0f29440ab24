package io.carillon.engine.call;

/** What a {@link Witness} has to say against a history. */
final class Objection extends AssertionError {
  private static final long serialVersionUID = 1L;

  Objection(String what) {
    super(what);
  }
}
