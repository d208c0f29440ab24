package io.carillon.http.bench;

import java.util.List;

/**
 * One user of the load.
 *
 * @param authorization the Authorization header's line, with its end
 * @param devices the acting one first
 */
record User(String id, String authorization, List<Device> devices) {
  User {
    devices = List.copyOf(devices);
  }

  /** The device that calls or answers. */
  Device acting() {
    return devices.getFirst();
  }
}
