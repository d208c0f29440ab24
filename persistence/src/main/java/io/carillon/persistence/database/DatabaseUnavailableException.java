package io.carillon.persistence.database;

/** The database did not answer, or refused; asking again later may succeed. */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(Throwable cause) {
    super("the database cannot be used now", cause);
  }
}
