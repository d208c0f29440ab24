package io.carillon.engine.call;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rules as the simulation sees them, so that it can be run against rules that are wrong. */
interface Rules {
  Decision decide(CallState state, CallCommand command, Instant now);

  CallState evolve(CallState state, CallEvent event);

  Optional<Instant> deadline(CallState state);

  List<Notice> notices(CallState before, CallEvent event, CallState after);

  /** The rules as they are; broken ones override what they break. */
  class Real implements Rules {
    @Override
    public Decision decide(CallState state, CallCommand command, Instant now) {
      return Call.decide(state, command, now);
    }

    @Override
    public CallState evolve(CallState state, CallEvent event) {
      return Call.evolve(state, event);
    }

    @Override
    public Optional<Instant> deadline(CallState state) {
      return Call.deadline(state);
    }

    @Override
    public List<Notice> notices(CallState before, CallEvent event, CallState after) {
      return Fanout.of(before, event, after);
    }
  }
}
