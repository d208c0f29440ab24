package io.carillon.persistence.replay;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.StopReason;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The invariants (R74) as far as one call's journal shows them: J1 to J9, J11, J14 and the
 * determinism half of J12, and of the reliability invariants I6, I23 and I26. J10 (lines) and J13
 * (media grants) leave no trace in a journal; the other half of J12 is {@link RowChecks}.
 */
public final class JournalChecks {
  /** How long after its enforced deadline a call may still go on (J9). */
  public static final Duration GRACE = Duration.ofSeconds(30);

  private final CallJournal journal;
  private final List<Finding> findings = new ArrayList<>();

  private JournalChecks(CallJournal journal) {
    this.journal = journal;
  }

  /**
   * What is wrong with a call, in the order of its events.
   *
   * @param now by the database's clock, to tell a call that is overdue; empty: that is not asked
   */
  public static List<Finding> of(CallJournal journal, Optional<Instant> now) {
    JournalChecks checks = new JournalChecks(journal);
    checks.entries();
    List<Call.Step> steps = journal.steps();
    if (!steps.isEmpty()) {
      checks.order(steps);
      checks.endings(steps);
      checks.moments(steps);
      checks.accepts(steps);
      checks.notices(steps);
      checks.findings.addAll(StopChecks.of(journal.persistenceId(), steps));
      // What a damaged journal's call came to, nobody can tell.
      now.filter(_ -> journal.damage().isEmpty())
          .ifPresent(at -> checks.overdue(steps.getLast(), at));
    }
    return List.copyOf(checks.findings);
  }

  private void find(String rule, long seq, String what) {
    findings.add(new Finding(rule, journal.persistenceId(), seq, what));
  }

  private void entries() {
    journal.damage().ifPresent(why -> find("I26", 0, "cannot be read to its end: " + why));
    long expected = 1;
    Set<String> replaced = new HashSet<>();
    String writer = journal.entries().getFirst().writer();
    for (JournalEntry entry : journal.entries()) {
      if (entry.number() != expected) {
        find("J8", entry.number(), "follows number " + (expected - 1));
      }
      expected = entry.number() + 1;
      if (!entry.writer().equals(writer)) {
        replaced.add(writer);
        writer = entry.writer();
        if (replaced.contains(writer)) {
          find("I6", entry.number(), "is by a writer that had been replaced");
        }
      }
    }
  }

  private void order(List<Call.Step> steps) {
    Instant last = Instant.MIN;
    for (int i = 0; i < steps.size(); i++) {
      Call.Step step = steps.get(i);
      long seq = step.stored().seq();
      if (seq != journal.entries().get(i).number()) {
        find("J8", seq, "is stored as number " + journal.entries().get(i).number());
      }
      if (!journal.key().equals(Optional.of(step.stored().key()))) {
        find("J8", seq, "says that it is of the call " + step.stored().key().call());
      }
      Instant at = step.stored().event().header().at();
      if (at.isBefore(last)) {
        find("I23", seq, "is of " + at + ", the event before it of " + last);
      }
      last = at;
      Optional<Instant> wake = Call.deadline(step.after());
      if (!wake.equals(step.stored().wakeAt())) {
        find(
            "J12",
            seq,
            "was to wake the call at "
                + shown(step.stored().wakeAt())
                + ", by the rules it is "
                + shown(wake));
      }
    }
  }

  private void endings(List<Call.Step> steps) {
    boolean over = false;
    for (Call.Step step : steps) {
      long seq = step.stored().seq();
      switch (step.stored().event()) {
        case CallEvent.Ended _ -> {
          if (over) {
            find("J1", seq, "ends a call that was over");
          }
          over = true;
        }
        case CallEvent.LateAccepted _ -> {
          if (!over) {
            find("J7", seq, "is a late accept of a call that was not over");
          }
        }
        case CallEvent.Initiated _,
            CallEvent.RingStarted _,
            CallEvent.RingWithheld _,
            CallEvent.RingIgnored _,
            CallEvent.Accepted _,
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
            CallEvent.Expiring _ -> {
          if (over) {
            find("J7", seq, "happened after the end");
          }
        }
      }
    }
  }

  private void moments(List<Call.Step> steps) {
    CallSnapshot call = CallSnapshot.of(steps.getLast().after());
    Instant last = call.facts().createdAt();
    for (Optional<Instant> moment :
        List.of(call.ringingAt(), call.answeredAt(), call.ending().map(CallSnapshot.Ending::at))) {
      if (moment.isPresent() && moment.get().isBefore(last)) {
        find("J4", 0, moment.get() + " comes before " + last);
      }
      last = moment.orElse(last);
    }
    boolean accepted =
        steps.stream().anyMatch(s -> s.stored().event() instanceof CallEvent.Accepted);
    if (accepted != call.answeredAt().isPresent()) {
      find("J5", 0, "accepted: " + accepted + ", answered at " + shown(call.answeredAt()));
    }
  }

  private void accepts(List<Call.Step> steps) {
    Set<UserId> users = new HashSet<>();
    CallMode mode = CallSnapshot.of(steps.getLast().after()).mode();
    for (Call.Step step : steps) {
      if (step.stored().event() instanceof CallEvent.Accepted e) {
        UserId user = e.by().user();
        if (!user.equals(step.after().facts().caller().user())) {
          users.add(user);
        }
        deviceBefore(step, user)
            .filter(d -> !d.equals(e.by().device()))
            .filter(d -> !d.equals(DeviceId.REST) && !e.by().device().equals(DeviceId.REST))
            .ifPresent(
                d ->
                    find(
                        "J2",
                        step.stored().seq(),
                        "joins " + user + " with " + e.by().device() + " beside " + d));
      }
    }
    if (mode == CallMode.DIRECT && users.size() > 1) {
      find("J6", 0, "a direct call was accepted by " + users.size() + " users");
    }
  }

  private static Optional<DeviceId> deviceBefore(Call.Step step, UserId user) {
    return step.before() instanceof CallState.Known known
        ? known
            .roster()
            .find(user)
            .flatMap(
                p ->
                    p.leg() instanceof Leg.Joined joined
                        ? Optional.of(joined.device())
                        : Optional.empty())
        : Optional.empty();
  }

  private void notices(List<Call.Step> steps) {
    Set<UserId> accepted = new HashSet<>();
    for (Call.Step step : steps) {
      if (step.stored().event() instanceof CallEvent.Accepted e) {
        accepted.add(e.by().user());
      }
      for (Notice notice : step.notices()) {
        long seq = step.stored().seq();
        if (notice.stop().equals(Optional.of(StopReason.ANSWERED_ELSEWHERE))
            && !accepted.contains(notice.to())) {
          find("J11", seq, "tells " + notice.to() + " of an answer that was not given");
        }
        boolean party =
            step.after()
                .roster()
                .find(notice.to())
                .map(p -> !(p.leg() instanceof Leg.Suppressed))
                .orElse(false);
        if (!party) {
          find("J14", seq, "tells " + notice.to() + ", who is not to hear of it");
        }
      }
    }
  }

  private void overdue(Call.Step last, Instant now) {
    last.stored()
        .wakeAt()
        .filter(due -> due.plus(GRACE).isBefore(now))
        .ifPresent(
            due -> find("J9", last.stored().seq(), "was due at " + due + " and nothing happened"));
  }

  private static String shown(Optional<Instant> moment) {
    return moment.map(Instant::toString).orElse("never");
  }
}
