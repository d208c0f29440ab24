package io.carillon.persistence.replay;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.words.Vocabulary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Events and notices as a person reads them, in the words of journal and wire. */
public final class EventWords {
  private EventWords() {}

  /** The event's stored name without what all of them share: {@code ring_started}. */
  public static String name(CallEvent event) {
    String stored = EventCodec.manifest(event);
    return stored.substring("call.".length(), stored.lastIndexOf('.'));
  }

  /** What the name does not say; empty where it says all. */
  public static String detail(CallEvent event) {
    return switch (event) {
      case CallEvent.Initiated e ->
          Vocabulary.MODES.word(e.facts().mode())
              + " "
              + Vocabulary.TYPES.word(e.facts().type())
              + " to "
              + invited(e.invitations());
      case CallEvent.RingStarted _, CallEvent.RingIgnored _, CallEvent.Accepted _ -> "";
      case CallEvent.RingWithheld e -> e.why();
      case CallEvent.Connected _ -> "media up";
      case CallEvent.StatusChanged e ->
          e.user() + " " + Vocabulary.STATUSES.word(e.status()) + (e.active() ? "" : " off");
      case CallEvent.ConnectionLost e -> shown(e.device());
      case CallEvent.ConnectionRegained e -> shown(e.device());
      case CallEvent.Invited e -> invited(e.invitations());
      case CallEvent.LegClosed e -> e.user() + " " + Vocabulary.REASONS.word(e.reason());
      case CallEvent.Left e ->
          e.user() + " " + Vocabulary.REASONS.word(e.reason()) + (e.barred() ? ", for good" : "");
      case CallEvent.RoleChanged e -> e.user() + " is " + Vocabulary.ROLES.word(e.role());
      case CallEvent.ModeChanged e -> Vocabulary.MODES.word(e.mode());
      case CallEvent.HandedOff e -> e.user() + " from " + e.from() + " to " + e.to();
      case CallEvent.Extended e -> "until " + e.endsBy();
      case CallEvent.Expiring e -> e.remaining().toSeconds() + " s left";
      case CallEvent.Ended e ->
          Vocabulary.REASONS.word(e.reason())
              + e.note().map(note -> ": " + note).orElse("")
              + (e.racedCancel() ? " (a cancel that came after the accept)" : "");
      case CallEvent.LateAccepted e -> e.lateBy().toMillis() + " ms late";
    };
  }

  /** Who caused an event. */
  public static String actor(Actor actor) {
    return switch (actor) {
      case Actor.Device(Endpoint by) -> shown(by);
      case Actor.Clock _ -> "clock";
      case Actor.Engine _ -> "engine";
      case Actor.Admin(UserId user) -> "admin " + user;
      case Actor.Service(UserId user) -> "service " + user;
    };
  }

  /** What a device is told, as the wire calls it, with the reason of a stopped ring. */
  public static String notice(Notice notice) {
    return notice.type().name().toLowerCase(Locale.ROOT)
        + notice.stop().map(s -> " (" + s.name().toLowerCase(Locale.ROOT) + ")").orElse("")
        + notice.remaining().map(left -> " (" + left.toSeconds() + " s)").orElse("");
  }

  /** A device of a user. */
  public static String shown(Endpoint endpoint) {
    return endpoint.user() + "/" + endpoint.device();
  }

  private static String invited(List<Invitation> invitations) {
    return invitations.stream()
        .map(
            i ->
                i.user()
                    + (i.line() == Line.FREE ? "" : " (" + Vocabulary.LINES.word(i.line()) + ")"))
        .collect(Collectors.joining(", "));
  }
}
