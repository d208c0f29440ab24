package io.carillon.engine.identity;

/**
 * A realm: an organisation whose users see and call only each other.
 *
 * @param value well-formed text ({@link Ids#isWellFormed})
 */
public record RealmId(String value) {

  public RealmId {
    Ids.require("realm id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
