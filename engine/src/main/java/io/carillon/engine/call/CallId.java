package io.carillon.engine.call;

import io.carillon.engine.identity.Ids;

/**
 * A call, unique within its realm; opaque to clients, a UUID where the engine makes it.
 *
 * @param value well-formed text ({@link Ids#isWellFormed})
 */
public record CallId(String value) {
  public CallId {
    Ids.require("call id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
