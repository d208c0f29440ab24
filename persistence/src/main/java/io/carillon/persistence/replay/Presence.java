package io.carillon.persistence.replay;

import io.carillon.persistence.connection.DeviceConnection;
import io.carillon.persistence.replay.RingStory.Kind;
import io.carillon.persistence.replay.RingStory.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A device's moments seen together with its connections: what it was told it heard on the node it
 * was connected to, or when it came back, or not at all. Pure.
 */
final class Presence {
  private Presence() {}

  /**
   * @param moments as they would be had the device been connected throughout
   * @param connections of this device, oldest first
   * @param calledAt when its user was called
   */
  static List<Moment> applied(
      List<Moment> moments, List<DeviceConnection> connections, Instant calledAt) {
    List<Moment> seen = new ArrayList<>();
    Instant over =
        moments.stream()
            .filter(m -> m.kind() == Kind.STOPPED)
            .map(Moment::at)
            .max(Comparator.naturalOrder())
            .orElse(Instant.MAX);
    for (Moment moment : moments) {
      switch (moment.kind()) {
        case TOLD, STOPPED -> heard(moment, connections, over).ifPresent(seen::add);
        case RANG, WITHHELD, IGNORED, ACCEPTED, CONNECTED, DISCONNECTED -> seen.add(moment);
      }
    }
    seen.addAll(comingAndGoing(connections, calledAt, over));
    // Coming comes before what was heard at that moment, going after it.
    seen.sort(
        Comparator.comparing(Moment::at)
            .thenComparing(m -> m.kind() == Kind.CONNECTED ? 0 : 1)
            .thenComparing(m -> m.kind() == Kind.DISCONNECTED ? 1 : 0)
            .thenComparing(Moment::seq));
    return List.copyOf(seen);
  }

  private static Optional<Moment> heard(
      Moment moment, List<DeviceConnection> connections, Instant over) {
    Optional<DeviceConnection> then =
        connections.stream().filter(c -> c.isOpenAt(moment.at())).findFirst();
    if (then.isPresent()) {
      return then.map(c -> at(moment, moment.at(), moment.what(), c));
    }
    // Nobody is called to a ring that is over: on a resume the device hears its outcome instead.
    Instant until = moment.kind() == Kind.TOLD ? over : Instant.MAX;
    return connections.stream()
        .filter(c -> c.openedAt().isAfter(moment.at()) && c.openedAt().isBefore(until))
        .findFirst()
        .map(c -> at(moment, c.openedAt(), moment.what() + ", on connecting", c));
  }

  private static Moment at(Moment moment, Instant at, String what, DeviceConnection connection) {
    return new Moment(
        at, moment.seq(), moment.kind(), what, moment.by(), Optional.of(connection.node()));
  }

  private static List<Moment> comingAndGoing(
      List<DeviceConnection> connections, Instant calledAt, Instant over) {
    List<Moment> moments = new ArrayList<>();
    List<DeviceConnection> during =
        connections.stream()
            .filter(c -> !c.openedAt().isAfter(over))
            .filter(c -> c.closedAt().map(at -> at.isAfter(calledAt)).orElse(true))
            .toList();
    for (DeviceConnection connection : during) {
      moments.add(came(connection));
      connection
          .closedAt()
          .filter(at -> !at.isAfter(over))
          .ifPresent(at -> moments.add(went(connection, at)));
    }
    if (during.isEmpty()) {
      DeviceConnection last = connections.getLast();
      last.closedAt().ifPresent(at -> moments.add(went(last, at)));
    }
    return moments;
  }

  private static Moment came(DeviceConnection connection) {
    return new Moment(
        connection.openedAt(),
        0,
        Kind.CONNECTED,
        connection.platform(),
        "",
        Optional.of(connection.node()));
  }

  private static Moment went(DeviceConnection connection, Instant at) {
    return new Moment(
        at,
        0,
        Kind.DISCONNECTED,
        connection.closeReason().orElse(""),
        "",
        Optional.of(connection.node()));
  }
}
