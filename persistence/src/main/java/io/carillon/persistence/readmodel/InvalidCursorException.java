package io.carillon.persistence.readmodel;

/** A cursor that was not given out by {@link History}. */
public final class InvalidCursorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidCursorException() {
    super("the cursor is not one that was given out");
  }
}
