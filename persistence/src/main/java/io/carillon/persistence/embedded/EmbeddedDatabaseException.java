package io.carillon.persistence.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded server could not be started; the message says why and what to do. */
public final class EmbeddedDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
