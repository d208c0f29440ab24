package io.carillon.persistence.migration;

import org.jspecify.annotations.Nullable;

/** The engine must not start on this database; the message says why and what to do. */
public final class DatabaseUnfitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was found, what to do about it, and the cause, if it was an exception. */
  public DatabaseUnfitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
