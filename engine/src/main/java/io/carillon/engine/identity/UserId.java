package io.carillon.engine.identity;

/**
 * A user, unique within a realm.
 *
 * @param value well-formed text ({@link Ids#isWellFormed})
 */
public record UserId(String value) {

  public UserId {
    Ids.require("user id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
