package io.carillon.http.websocket;

/**
 * Fails the stream of a reader that does not read even the last words, so that its connection is
 * cut and what waits for it is forgotten.
 */
final class UnreadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadException() {
    super("the client does not read", null, false, false);
  }
}
