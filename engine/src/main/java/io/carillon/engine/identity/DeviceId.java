package io.carillon.engine.identity;

/**
 * A device of a user, unique among that user's devices.
 *
 * @param value well-formed text ({@link Ids#isWellFormed})
 */
public record DeviceId(String value) {

  /** The device of a request that names none and could not be matched to a connected one. */
  public static final DeviceId REST = new DeviceId("rest");

  public DeviceId {
    Ids.require("device id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
