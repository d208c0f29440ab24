package io.carillon.persistence.replay;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.connection.DeviceConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why did my phone not ring (R77): which of one called user's devices were connected, what they
 * were told and what they said, by whom it was caused and on which node, as far as is known. The
 * journal knows every device that ever answered; one that never said anything is among "any other".
 * Where connections were written down as well, it is known of each device whether it was there to
 * be told. Pure.
 *
 * @param user who was called
 * @param calledAt when; empty: the user was not called
 * @param line what the user's line said then
 * @param devices the devices that answered, in that order, then those known by their connections,
 *     and at the end the others
 * @param verdict in one sentence, why it rang or did not
 */
public record RingStory(
    UserId user,
    Optional<Instant> calledAt,
    Optional<Line> line,
    List<DeviceStory> devices,
    String verdict) {

  /**
   * Something that happened to or on a device.
   *
   * @param seq number of the event it follows from; 0: from none
   * @param by who caused it; empty where nobody did
   * @param node the node that stored it, or to which the device was connected; empty: not known
   */
  public record Moment(
      Instant at, long seq, Kind kind, String what, String by, Optional<String> node) {}

  /** The kinds of moments. */
  public enum Kind {
    CONNECTED,
    DISCONNECTED,
    TOLD,
    RANG,
    WITHHELD,
    IGNORED,
    ACCEPTED,
    STOPPED
  }

  /**
   * One device's part.
   *
   * @param device which; empty: every device that never said anything
   */
  public record DeviceStory(Optional<DeviceId> device, List<Moment> moments) {
    /** Whether this happened. */
    public boolean has(Kind kind) {
      return moments.stream().anyMatch(m -> m.kind() == kind);
    }
  }

  /**
   * What is known beside a call's events.
   *
   * @param nodes which node stored which event, by its number
   * @param connections of the called users' devices around the time of the call; none: not known
   */
  public record Surroundings(Map<Long, String> nodes, List<DeviceConnection> connections) {
    /** The events alone are known. */
    public static final Surroundings UNKNOWN = new Surroundings(Map.of(), List.of());

    private List<DeviceConnection> of(UserId user) {
      return connections.stream().filter(c -> c.user().user().equals(user)).toList();
    }

    private Optional<String> node(long seq) {
      return Optional.ofNullable(nodes.get(seq));
    }
  }

  /** Who was called, in the order in which they were. */
  public static Set<UserId> called(List<Call.Step> steps) {
    Set<UserId> called = new LinkedHashSet<>();
    for (Call.Step step : steps) {
      invitations(step.stored().event()).forEach(i -> called.add(i.user()));
    }
    return called;
  }

  /** The story of each called user, in the order in which they were called. */
  public static List<RingStory> of(List<Call.Step> steps, Surroundings surroundings) {
    return called(steps).stream().map(user -> of(steps, user, surroundings)).toList();
  }

  /** The story of one user. */
  public static RingStory of(List<Call.Step> steps, UserId user, Surroundings surroundings) {
    Optional<Instant> calledAt = Optional.empty();
    Optional<Line> line = Optional.empty();
    Set<DeviceId> named = new LinkedHashSet<>();
    for (Call.Step step : steps) {
      CallEvent event = step.stored().event();
      for (Invitation invitation : invitations(event)) {
        if (invitation.user().equals(user)) {
          calledAt = calledAt.isPresent() ? calledAt : Optional.of(event.header().at());
          line = Optional.of(invitation.line());
        }
      }
      Devices.namedBy(event).stream()
          .filter(d -> d.user().equals(user) && !d.device().equals(DeviceId.REST))
          .forEach(d -> named.add(d.device()));
    }
    List<DeviceConnection> own = surroundings.of(user);
    own.forEach(c -> named.add(c.device()));
    List<DeviceStory> devices = new ArrayList<>();
    for (DeviceId device : named) {
      List<Moment> moments = moments(steps, user, device, surroundings);
      List<DeviceConnection> its = own.stream().filter(c -> c.device().equals(device)).toList();
      devices.add(
          new DeviceStory(
              Optional.of(device),
              its.isEmpty() || calledAt.isEmpty()
                  ? moments
                  : Presence.applied(moments, its, calledAt.get())));
    }
    // Where connections are known, so are all devices that were there.
    List<Moment> others =
        own.isEmpty() ? moments(steps, user, StopChecks.UNNAMED, surroundings) : List.of();
    if (!others.isEmpty()) {
      devices.add(new DeviceStory(Optional.empty(), others));
    }
    return new RingStory(
        user,
        calledAt,
        line,
        List.copyOf(devices),
        verdict(calledAt, line, devices, steps, !own.isEmpty()));
  }

  private static List<Moment> moments(
      List<Call.Step> steps, UserId user, DeviceId device, Surroundings surroundings) {
    List<Moment> moments = new ArrayList<>();
    Endpoint endpoint = new Endpoint(user, device);
    for (Call.Step step : steps) {
      CallEvent event = step.stored().event();
      Instant at = event.header().at();
      long seq = step.stored().seq();
      String by = EventWords.actor(event.header().actor());
      Optional<String> node = surroundings.node(seq);
      said(event, endpoint)
          .ifPresent(m -> moments.add(new Moment(at, seq, m, saidWhat(event), by, node)));
      for (Notice notice : step.notices()) {
        if (notice.to().equals(user) && notice.audience().includes(device)) {
          heard(notice)
              .ifPresent(
                  kind ->
                      moments.add(new Moment(at, seq, kind, EventWords.notice(notice), by, node)));
        }
      }
    }
    return List.copyOf(moments);
  }

  private static Optional<Kind> said(CallEvent event, Endpoint device) {
    return switch (event) {
      case CallEvent.RingStarted e when e.by().equals(device) -> Optional.of(Kind.RANG);
      case CallEvent.RingWithheld e when e.by().equals(device) -> Optional.of(Kind.WITHHELD);
      case CallEvent.RingIgnored e when e.by().equals(device) -> Optional.of(Kind.IGNORED);
      case CallEvent.Accepted e when e.by().equals(device) -> Optional.of(Kind.ACCEPTED);
      case CallEvent.RingStarted _,
          CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.Accepted _,
          CallEvent.Initiated _,
          CallEvent.Connected _,
          CallEvent.StatusChanged _,
          CallEvent.ConnectionLost _,
          CallEvent.ConnectionRegained _,
          CallEvent.Invited _,
          CallEvent.LegClosed _,
          CallEvent.Left _,
          CallEvent.RoleChanged _,
          CallEvent.ModeChanged _,
          CallEvent.HandedOff _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.Ended _,
          CallEvent.LateAccepted _ ->
          Optional.empty();
    };
  }

  private static String saidWhat(CallEvent event) {
    String detail = EventWords.detail(event);
    return EventWords.name(event) + (detail.isEmpty() ? "" : " (" + detail + ")");
  }

  private static Optional<Kind> heard(Notice notice) {
    return switch (notice.type()) {
      case CALL_STARTED -> Optional.of(Kind.TOLD);
      case RING_STOPPED, CALL_REJECTED, CALL_ENDED, PARTICIPANT_DECLINED ->
          Optional.of(Kind.STOPPED);
      case PARTICIPANT_RINGING,
          CALL_ACCEPTED,
          CALL_STATUS_UPDATE,
          PARTICIPANT_JOINED,
          PARTICIPANT_LEFT,
          PARTICIPANT_RECONNECTING,
          PARTICIPANT_INVITED,
          PARTICIPANT_ROLE_CHANGED,
          CALL_MODE_CHANGED,
          CALL_EXTENDED,
          CALL_EXPIRING ->
          Optional.empty();
    };
  }

  private static String verdict(
      Optional<Instant> calledAt,
      Optional<Line> line,
      List<DeviceStory> devices,
      List<Call.Step> steps,
      boolean connectionsKnown) {
    if (calledAt.isEmpty() || line.isEmpty()) {
      return "was not called";
    }
    switch (line.get()) {
      case BUSY -> {
        return "did not ring: the line was busy";
      }
      case DO_NOT_DISTURB -> {
        return "did not ring: do not disturb was on";
      }
      case BLOCKED -> {
        return "did not ring: the caller is blocked";
      }
      case FREE -> {
        // What the devices made of it follows.
      }
    }
    long rang = devices.stream().filter(d -> d.has(Kind.RANG)).count();
    if (rang > 0) {
      return "rang on " + rang + (rang == 1 ? " device" : " devices");
    }
    List<String> withheld =
        steps.stream()
            .map(s -> s.stored().event())
            .flatMap(
                e ->
                    e instanceof CallEvent.RingWithheld w
                            && devices.stream()
                                .anyMatch(d -> d.device().equals(Optional.of(w.by().device())))
                        ? Stream.of(w.by().device() + " said " + w.why())
                        : Stream.empty())
            .toList();
    if (!withheld.isEmpty()) {
      return "did not ring: " + String.join(", ", withheld);
    }
    if (!connectionsKnown) {
      return "did not ring: no device acknowledged";
    }
    long told = devices.stream().filter(d -> d.has(Kind.TOLD)).count();
    return told == 0
        ? "did not ring: no device was connected"
        : "did not ring: "
            + told
            + (told == 1
                ? " device was told and did not acknowledge"
                : " devices were told and none acknowledged");
  }

  private static List<Invitation> invitations(CallEvent event) {
    return switch (event) {
      case CallEvent.Initiated e -> e.invitations();
      case CallEvent.Invited e -> e.invitations();
      case CallEvent.RingStarted _,
          CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.Accepted _,
          CallEvent.Connected _,
          CallEvent.StatusChanged _,
          CallEvent.ConnectionLost _,
          CallEvent.ConnectionRegained _,
          CallEvent.LegClosed _,
          CallEvent.Left _,
          CallEvent.RoleChanged _,
          CallEvent.ModeChanged _,
          CallEvent.HandedOff _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.Ended _,
          CallEvent.LateAccepted _ ->
          List.of();
    };
  }
}
