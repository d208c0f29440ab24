package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One call under test, driven in words: {@code Play.direct().given("b1 acknowledges").when("b1
 * accepts")}. A {@link Witness} reads along; every history a test makes is also held against the
 * invariants.
 */
final class Play {
  static final Instant START = Instant.parse("2030-01-01T12:00:00Z");

  /** A call of two, in words. */
  static final String DIRECT = "direct ring bob";

  private static final Rules RULES = new Rules.Real();

  private final Witness witness = new Witness(Crowd.everybody());
  private final List<CallEvent> journal = new ArrayList<>();
  private CallState state = Call.UNKNOWN;
  private Instant now = START;
  private int mark;
  private int heardBefore;
  private Decision last = Decision.noOp();

  private Play() {
    witness.ears().record();
  }

  /** Alice's a1 calls bob. */
  static Play direct() {
    return placed(DIRECT);
  }

  /** Alice's a1 calls several; the first to accept has the call. */
  static Play hunt(String... callees) {
    return placed("hunt ring " + String.join(" ", callees));
  }

  /** Alice's a1 calls several; everybody may join. */
  static Play conference(String... callees) {
    return placed("conference ring " + String.join(" ", callees));
  }

  /** A call in words: mode, ring style, callees. */
  static Play placed(String words) {
    return placed(words, CallLimits.STANDARD);
  }

  static Play placed(String words, CallLimits limits) {
    Play play = new Play();
    play.run(initiate(words, limits));
    play.beginHere();
    return play;
  }

  /** Nothing was ever stored. */
  static Play nothing() {
    return new Play();
  }

  /** The command that places a call in words, keyed if they end in {@code #key}. */
  static CallCommand.Initiate initiate(String words, CallLimits limits) {
    String[] keyed = words.split(" #", 2);
    String[] parts = keyed[0].split(" ", -1);
    boolean detached = parts[0].equals("detached");
    int at = detached ? 1 : 0;
    Endpoint caller = Crowd.device("a1");
    CallFacts facts =
        new CallFacts(
            new CallKey(new RealmId("realm"), new CallId("call")),
            caller,
            CallType.VIDEO,
            CallMode.valueOf(parts[at].toUpperCase(Locale.ROOT)),
            RingStyle.valueOf(parts[at + 1].toUpperCase(Locale.ROOT)),
            MediaPlane.P2P,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            detached,
            limits,
            START);
    String[] callees = Arrays.copyOfRange(parts, at + 2, parts.length);
    return new CallCommand.Initiate(
        new Actor.Device(caller),
        facts,
        Phrases.invitations(callees),
        keyed.length == 2
            ? Optional.of(new RequestKey(caller.user(), keyed[1], keyed[0]))
            : Optional.empty());
  }

  /** The placing itself is what the test is about. */
  Play whenPlaced(String words) {
    return whenPlaced(words, CallLimits.STANDARD);
  }

  Play whenPlaced(String words, CallLimits limits) {
    beginHere();
    return run(initiate(words, limits));
  }

  /** What happens before the moment a test is about; separated by semicolons. */
  Play given(String phrases) {
    for (String phrase : phrases.split(";", -1)) {
      if (!phrase.isBlank()) {
        say(phrase.strip());
      }
    }
    beginHere();
    return this;
  }

  /** What a test is about. */
  Play when(String phrases) {
    beginHere();
    for (String phrase : phrases.split(";", -1)) {
      say(phrase.strip());
    }
    return this;
  }

  private void beginHere() {
    mark = journal.size();
    heardBefore = witness.ears().heard().size();
  }

  private void say(String phrase) {
    String[] words = phrase.split(" ", -1);
    switch (words[0]) {
      case "after" -> now = now.plus(duration(words[1]));
      case "back" -> now = now.minus(duration(words[1]));
      case "until" -> {
        pass(START.plus(duration(words[1])));
        run(new CallCommand.CheckDeadlines());
      }
      default -> run(Phrases.command(phrase));
    }
  }

  /** Time passes with the timers working: each fires when it is due. */
  private void pass(Instant until) {
    Optional<Instant> due = Call.deadline(state);
    while (due.isPresent() && !due.get().isAfter(until)) {
      now = due.get().isAfter(now) ? due.get() : now;
      run(new CallCommand.CheckDeadlines());
      due = Call.deadline(state);
    }
    now = until;
  }

  private static Duration duration(String words) {
    return Duration.parse("PT" + words.toUpperCase(Locale.ROOT));
  }

  /** Gives the call any command now. */
  Play run(CallCommand command) {
    last = Call.decide(state, command, now);
    witness.appended(RULES, state, last.events());
    for (CallEvent event : last.events()) {
      state = Call.evolve(state, event);
      journal.add(event);
    }
    assertThat(replay()).as("a replay of the journal").isEqualTo(state);
    return this;
  }

  /** The call as the journal alone gives it. */
  CallState replay() {
    CallState replayed = Call.UNKNOWN;
    for (CallEvent event : journal) {
      replayed = Call.evolve(replayed, event);
    }
    return replayed;
  }

  CallState state() {
    return state;
  }

  CallSnapshot call() {
    return CallSnapshot.of((CallState.Known) state);
  }

  Leg leg(String user) {
    return call().roster().find(Crowd.named(user)).orElseThrow().leg();
  }

  Participant participant(String user) {
    return call().roster().find(Crowd.named(user)).orElseThrow();
  }

  Decision last() {
    return last;
  }

  Instant now() {
    return now;
  }

  /** How long after the start the call has to be looked at next, in seconds. */
  Optional<Duration> deadline() {
    return Call.deadline(state).map(at -> Duration.between(START, at));
  }

  /** The events as they would be stored, from the beginning. */
  List<CallEvent> journal() {
    return List.copyOf(journal);
  }

  /** The events since the last {@code when}. */
  List<CallEvent> events() {
    return journal.subList(mark, journal.size());
  }

  /** The names of the events since the last {@code when}. */
  List<String> eventNames() {
    return events().stream().map(e -> e.getClass().getSimpleName()).toList();
  }

  /** What the devices were told since the last {@code when}, as {@code b1: ring_stopped (…)}. */
  List<String> heard() {
    List<String> all = witness.ears().heard();
    return List.copyOf(all.subList(heardBefore, all.size()));
  }

  /** What one device was told since the last {@code when}. */
  List<String> heard(String device) {
    return heard().stream()
        .filter(line -> line.startsWith(device + ": "))
        .map(line -> line.substring(device.length() + 2))
        .toList();
  }

  /** Everything one device was told since the call was placed. */
  List<String> heardInAll(String device) {
    return witness.ears().heard().stream()
        .filter(line -> line.startsWith(device + ": "))
        .map(line -> line.substring(device.length() + 2))
        .toList();
  }

  /** The state in the wire's word, with the reason of a call that is over. */
  String word() {
    return switch (state) {
      case CallState.Unknown _ -> "unknown";
      case CallState.Calling _ -> "calling";
      case CallState.Ringing _ -> "ringing";
      case CallState.Accepted _ -> "accepted";
      case CallState.Ended s -> Words.of(s.reason().outcome()) + ": " + Words.of(s.reason());
    };
  }

  /** The answer and what it did, in the words of the tables of the documents. */
  String outcome() {
    boolean changed =
        events().stream().anyMatch(event -> !(event instanceof CallEvent.LateAccepted));
    boolean late = events().stream().anyMatch(CallEvent.LateAccepted.class::isInstance);
    return switch (last.answer()) {
      case Decision.Refused(Rejection rejection) ->
          Words.code(rejection) + (late ? ", near miss" : "") + (changed ? ", " + word() : "");
      case Decision.Replayed _ -> "as before";
      case Decision.Done(Decision.Effect effect) ->
          switch (effect) {
            case NO_OP -> changed ? word() : "no-op";
            case APPLIED -> word();
            case HANGUP -> word() + ", as a hang-up";
            case GLARE -> word() + ", merged";
          };
    };
  }
}
