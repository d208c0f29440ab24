package io.carillon.persistence.projection;

import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows' side of an event. */
public final class RowChanges {
  private RowChanges() {}

  /** What a stored event changes, in the order to be applied. Pure; fixed for a stored event. */
  public static List<RowChange> of(StoredEvent stored) {
    CallKey key = stored.key();
    Instant at = stored.event().header().at();
    List<RowChange> changes = new ArrayList<>(5);
    switch (stored.event()) {
      case CallEvent.Initiated e -> {
        changes.add(new RowChange.CallOpened(e.facts(), stored.seq()));
        changes.add(caller(e.facts()));
        called(changes, key, e.invitations(), e.facts().createdAt());
      }
      case CallEvent.RingStarted _ -> changes.add(new RowChange.CallRang(key, at));
      case CallEvent.Accepted e -> {
        changes.add(new RowChange.CallAnswered(key, at));
        changes.add(new RowChange.PartyJoined(key, e.by().user(), e.by().device(), at));
      }
      case CallEvent.Connected _ -> changes.add(new RowChange.CallConnected(key, at));
      case CallEvent.Invited e -> called(changes, key, e.invitations(), at);
      case CallEvent.LegClosed e ->
          changes.add(new RowChange.PartyLeft(key, e.user(), e.reason(), at));
      case CallEvent.Left e -> changes.add(new RowChange.PartyLeft(key, e.user(), e.reason(), at));
      case CallEvent.RoleChanged e -> changes.add(new RowChange.PartyRole(key, e.user(), e.role()));
      case CallEvent.ModeChanged e -> changes.add(new RowChange.CallSwitched(key, e.mode()));
      case CallEvent.HandedOff e ->
          changes.add(new RowChange.PartyJoined(key, e.user(), e.to(), at));
      case CallEvent.Ended e ->
          changes.add(
              new RowChange.CallEnded(
                  key, at, e.reason(), e.header().actor(), e.note(), e.successor()));
      case CallEvent.LateAccepted _ -> changes.add(new RowChange.CallMissedNearly(key));
      case CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.StatusChanged _,
          CallEvent.ConnectionLost _,
          CallEvent.ConnectionRegained _,
          CallEvent.Extended _,
          CallEvent.Expiring _ -> {
        // Of the moment only: the journal has them, the rows do not.
      }
    }
    changes.add(new RowChange.CallGrew(key, stored.seq()));
    changes.add(new RowChange.Deadline(key, stored.wakeAt()));
    return changes;
  }

  private static RowChange caller(CallFacts facts) {
    return new RowChange.PartyCalled(
        facts.key(),
        facts.caller().user(),
        0,
        facts.createdAt(),
        Line.FREE,
        ParticipantRole.HOST,
        Optional.of(facts.caller().device()));
  }

  private static void called(
      List<RowChange> changes, CallKey key, List<Invitation> invitations, Instant at) {
    int position = 1;
    for (Invitation invitation : invitations) {
      changes.add(
          new RowChange.PartyCalled(
              key,
              invitation.user(),
              position++,
              at,
              invitation.line(),
              ParticipantRole.PARTICIPANT,
              Optional.empty()));
    }
  }
}
