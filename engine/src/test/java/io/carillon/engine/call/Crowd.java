package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of a test and their devices: user {@code alice} has {@code a1}, {@code a2}, … The first
 * of them calls.
 */
final class Crowd {
  private static final List<String> NAMES =
      List.of("alice", "bob", "carol", "dave", "erin", "xavier");

  private static final List<UserId> USERS = NAMES.stream().map(UserId::new).toList();
  private static final List<List<DeviceId>> DEVICES = allDevices();

  private final int size;
  private final int devices;

  /** The first {@code size} users with {@code devices} devices each. */
  Crowd(int size, int devices) {
    this.size = size;
    this.devices = devices;
  }

  /** Everybody the tests know, with three devices each. */
  static Crowd everybody() {
    return new Crowd(NAMES.size(), 3);
  }

  private static List<List<DeviceId>> allDevices() {
    List<List<DeviceId>> all = new ArrayList<>();
    for (String name : NAMES) {
      List<DeviceId> own = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        own.add(new DeviceId(name.charAt(0) + Integer.toString(i)));
      }
      all.add(List.copyOf(own));
    }
    return List.copyOf(all);
  }

  int size() {
    return size;
  }

  int devices() {
    return devices;
  }

  UserId user(int index) {
    return USERS.get(index);
  }

  DeviceId device(int user, int device) {
    return DEVICES.get(user).get(device);
  }

  Endpoint endpoint(int user, int device) {
    return new Endpoint(user(user), device(user, device));
  }

  /** Which user this is. */
  int indexOf(UserId user) {
    for (int i = 0; i < size; i++) {
      if (USERS.get(i).equals(user)) {
        return i;
      }
    }
    throw new AssertionError("nobody knows " + user);
  }

  /** The user called by this name. */
  static UserId named(String name) {
    return USERS.get(indexOf(name.charAt(0)));
  }

  /** The device called by this name, {@code b-rest} being no device of bob's in particular. */
  static Endpoint device(String name) {
    UserId user = USERS.get(indexOf(name.charAt(0)));
    return new Endpoint(user, name.endsWith("-rest") ? DeviceId.REST : new DeviceId(name));
  }

  private static int indexOf(char initial) {
    for (int i = 0; i < NAMES.size(); i++) {
      if (NAMES.get(i).charAt(0) == initial) {
        return i;
      }
    }
    throw new AssertionError("nobody's name begins with " + initial);
  }
}
