package io.carillon.http.protocol;

import java.util.Optional;

/**
 * What came of reading something sent to us.
 *
 * @param <T> what it was to be
 */
public sealed interface Reading<T> {
  /** It was read. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * It was not.
   *
   * @param problem what the sender is told
   * @param id the request's id, where that could be read
   */
  record Bad<T>(Problem problem, Optional<String> id) implements Reading<T> {}
}
