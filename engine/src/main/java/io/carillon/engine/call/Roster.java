package io.carillon.engine.call;

import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Everyone concerned by a call, the caller first, then in the order of their invitation. Small (a
 * ring is bounded, R33), so a list searched from its start.
 *
 * @param participants unmodifiable, one entry a user
 */
public record Roster(List<Participant> participants) {
  public Roster {
    participants = List.copyOf(participants);
  }

  /** The user's part, if the user is concerned by this call at all. */
  public Optional<Participant> find(UserId user) {
    for (Participant participant : participants) {
      if (participant.user().equals(user)) {
        return Optional.of(participant);
      }
    }
    return Optional.empty();
  }

  /** Everybody who is in the call now. */
  public List<Participant> joined() {
    List<Participant> joined = new ArrayList<>(participants.size());
    for (Participant participant : participants) {
      if (participant.leg() instanceof Leg.Joined) {
        joined.add(participant);
      }
    }
    return Collections.unmodifiableList(joined);
  }

  /** Everybody who is being called now, the suppressed included. */
  public List<Participant> open() {
    List<Participant> open = new ArrayList<>(participants.size());
    for (Participant participant : participants) {
      if (participant.leg().isOpen()) {
        open.add(participant);
      }
    }
    return Collections.unmodifiableList(open);
  }

  /** The participants in their order. */
  public Stream<Participant> stream() {
    return participants.stream();
  }

  /** Whether this very device is the one its user is in the call with. */
  public boolean isJoined(Endpoint endpoint) {
    return find(endpoint.user())
        .map(p -> p.leg() instanceof Leg.Joined j && j.device().equals(endpoint.device()))
        .orElse(false);
  }

  /** This roster with one user's part changed; a user who is not in it stays out. */
  Roster update(UserId user, UnaryOperator<Participant> change) {
    return map(p -> p.user().equals(user) ? change.apply(p) : p);
  }

  /** This roster with every part changed. */
  Roster map(UnaryOperator<Participant> change) {
    Participant[] next = new Participant[participants.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = change.apply(participants.get(i));
    }
    return new Roster(List.of(next));
  }

  /** This roster with a user added, or, if already in it, with the new part in the old place. */
  Roster put(Participant added) {
    if (find(added.user()).isPresent()) {
      return update(added.user(), old -> added);
    }
    List<Participant> next = new ArrayList<>(participants);
    next.add(added);
    return new Roster(next);
  }
}
