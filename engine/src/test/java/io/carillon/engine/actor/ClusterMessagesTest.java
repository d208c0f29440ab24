package io.carillon.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.LineDesk;
import io.carillon.engine.session.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What crosses between nodes arrives as it was sent. */
class ClusterMessagesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");
  private static final CallKey KEY = new CallKey(new RealmId("acme"), new CallId("c-1"));
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final Endpoint PHONE = new Endpoint(ALICE, new DeviceId("phone"));
  private static final Endpoint LAPTOP = new Endpoint(BOB, new DeviceId("laptop"));
  private static final Optional<RequestKey> REQUEST =
      Optional.of(new RequestKey(ALICE, "key", "print"));

  @SuppressWarnings("NullAway.Init")
  private static ActorTestKit testKit;

  @BeforeAll
  static void start() {
    testKit =
        ActorTestKit.create(
            ConfigFactory.parseString("pekko.remote.artery.canonical.port = 0")
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void everyCommandToACallArrivesAsItWasSent() {
    TestProbe<Reply> probe = testKit.createTestProbe(Reply.class);
    List<CallCommand> commands =
        List.of(
            initiate(),
            new CallCommand.AcknowledgeRing(LAPTOP, Optional.of("muted"), Optional.empty()),
            new CallCommand.Accept(LAPTOP, true, REQUEST),
            new CallCommand.Decline(
                LAPTOP,
                CallCommand.Decline.DeclineReason.BUSY,
                CallCommand.Decline.Scope.DEVICE,
                Optional.empty()),
            new CallCommand.Heartbeat(LAPTOP),
            new CallCommand.ChangeStatus(PHONE, MediaStatus.ON_HOLD, false, Optional.empty()),
            new CallCommand.Extend(PHONE, Duration.ofMinutes(5), Optional.empty()),
            new CallCommand.AdminEnd(new Actor.Admin(BOB), "because", Optional.empty()),
            new CallCommand.CheckDeadlines());
    for (CallCommand command : commands) {
      arrives(new CallEntity.Submit(command, Optional.of("{\"sdp\":1}"), probe.getRef()));
      arrives(new CallEntity.Poke(command));
    }
    arrives(
        new CallEntity.Relay(
            PHONE,
            new Signal(
                Signal.Kind.CANDIDATES, "[{}]", Optional.of(BOB), Optional.of(LAPTOP.device())),
            probe.getRef()));
    arrives(new CallEntity.Heard(BOB, 7));
  }

  @Test
  void everyNewsOfAWholeCallArrivesAsItWasSent() {
    TestProbe<CallEntity.Message> call = testKit.createTestProbe(CallEntity.Message.class);
    for (Call.Step step : wholeCall()) {
      News news = new News(step.stored().event(), CallSnapshot.of(step.after()), Optional.of("{}"));
      arrives(new SessionMessage.Tell(KEY, BOB, news, withUser(step.notices()), 3, call.getRef()));
      arrives(
          new ToSocket.Event(
              news,
              Notice.of(BOB, new Notice.AllBut(Set.of()), Notice.Type.CALL_ENDED),
              "c",
              true));
    }
  }

  @Test
  void everyReplyArrivesAsItWasSent() {
    CallSnapshot call = CallSnapshot.of(wholeCall().getLast().after());
    arrives(
        new Reply.Done(
            call, Decision.Effect.HANGUP, true, true, Optional.of("{}"), Optional.empty()));
    arrives(
        new Reply.Done(
            call, Decision.Effect.GLARE, false, true, Optional.empty(), Optional.of(KEY.call())));
    arrives(new Reply.Unavailable(true));
    List<Rejection> rejections =
        List.of(
            new Rejection.CallNotFound(),
            new Rejection.Forbidden("no"),
            new Rejection.CallOver(call),
            new Rejection.AnsweredElsewhere(call),
            new Rejection.InvalidState("no", call),
            new Rejection.NegotiationPending(Duration.ofMillis(20)),
            new Rejection.AlreadyInCall(Optional.of(KEY.call())),
            new Rejection.Invalid("/x", "no"));
    rejections.forEach(rejection -> arrives(new Reply.Refused(rejection)));
  }

  @Test
  void everyMessageOfASocketArrivesAsItWasSent() {
    TestProbe<ToSocket> socket = testKit.createTestProbe(ToSocket.class);
    CallSnapshot call = CallSnapshot.of(wholeCall().getFirst().after());
    arrives(
        new SessionMessage.Attach(
            new UserKey(KEY.realm(), BOB),
            LAPTOP.device(),
            "web",
            Optional.of("cursor"),
            socket.getRef()));
    TestProbe<Reply> replies = testKit.createTestProbe(Reply.class);
    TestProbe<SessionMessage.LineAnswer> lines =
        testKit.createTestProbe(SessionMessage.LineAnswer.class);
    Initiation wish =
        new Initiation(
            new UserKey(KEY.realm(), ALICE),
            Optional.empty(),
            List.of(BOB),
            CallType.AUDIO,
            CallMode.DIRECT,
            RingStyle.NOTIFY,
            MediaPlane.P2P,
            Optional.empty(),
            Optional.of("{}"),
            CallLimits.STANDARD,
            Optional.of("{}"),
            false,
            true,
            true,
            REQUEST,
            Optional.of(KEY.call()));
    arrives(
        new SessionMessage.Place(
            wish,
            KEY.call(),
            PHONE.device(),
            call.facts(),
            REQUEST.orElseThrow(),
            replies.getRef()));
    arrives(
        new SessionMessage.AskLine(
            KEY,
            ALICE,
            CallMode.DIRECT,
            Optional.empty(),
            Optional.of(new CallId("gone")),
            lines.getRef()));
    TestProbe<SessionMessage.RingLeave> leave =
        testKit.createTestProbe(SessionMessage.RingLeave.class);
    arrives(new SessionMessage.MayRing(List.of(ALICE, BOB), leave.getRef()));
    arrives(new SessionMessage.RingLeave(Optional.of(Duration.ofSeconds(2))));
    for (LineDesk.Answer answer :
        List.of(
            new LineDesk.Proceed(Line.BUSY),
            new LineDesk.BusyWith(List.of(call)),
            new LineDesk.Glare(KEY.call()),
            new LineDesk.TooMany(Duration.ofSeconds(3)))) {
      arrives(new SessionMessage.LineAnswer(BOB, answer, true));
    }
    arrives(new CallEntity.Described(Optional.of(call)));
    arrives(new CallEntity.Recalled(Optional.of(new Reply.Unavailable(false))));
    arrives(new SessionMessage.Detach(LAPTOP.device(), socket.getRef()));
    arrives(new SessionMessage.StillHere(LAPTOP.device(), socket.getRef()));
    arrives(new SessionMessage.ConfirmPresence(KEY, LAPTOP.device(), true));
    arrives(new SessionMessage.Devices(BOB, Set.of(LAPTOP.device())));
    TestProbe<SessionMessage> session = testKit.createTestProbe(SessionMessage.class);
    arrives(new ToSocket.Welcome("s", true, List.of(call), "c", session.getRef()));
    arrives(new ToSocket.Resync(List.of(call), "c"));
    arrives(new ToSocket.CaughtUp("c"));
    arrives(new ToSocket.Pause(LAPTOP.device(), "s", 3, session.getRef()));
    arrives(new SessionMessage.More(LAPTOP.device(), "s", 3));
    arrives(new ToSocket.Live());
    arrives(new ToSocket.AttachAgain());
    arrives(new ToSocket.Close(ToSocket.CloseReason.DRAINING, 250));
  }

  private static void arrives(ClusterMessage message) {
    Object back = testKit.serializationTestKit().verifySerialization(message, false);
    assertThat(back).isEqualTo(message);
  }

  private static List<Notice> withUser(List<Notice> notices) {
    List<Notice> all = new ArrayList<>(notices);
    all.add(Notice.of(BOB, new Notice.Only(LAPTOP.device()), Notice.Type.CALL_ACCEPTED));
    return all;
  }

  private static CallCommand.Initiate initiate() {
    CallFacts facts =
        new CallFacts(
            KEY,
            PHONE,
            CallType.VIDEO,
            CallMode.DIRECT,
            RingStyle.RING,
            MediaPlane.JITSI,
            Optional.of(new JitsiRoom("https://meet.example.org", "room")),
            Optional.of("{\"conversation_id\":5}"),
            Optional.empty(),
            false,
            CallLimits.STANDARD,
            NOW);
    return new CallCommand.Initiate(
        new Actor.Device(PHONE), facts, List.of(new Invitation(BOB, Line.FREE)), REQUEST);
  }

  private static List<Call.Step> wholeCall() {
    List<Call.Step> steps = new ArrayList<>();
    Driven driven = new Driven(Call.UNKNOWN, NOW);
    for (CallCommand command :
        List.of(
            initiate(),
            new CallCommand.AcknowledgeRing(LAPTOP, Optional.empty(), Optional.empty()),
            new CallCommand.Accept(LAPTOP, false, Optional.empty()),
            new CallCommand.ChangeStatus(PHONE, MediaStatus.CONNECTED, true, Optional.empty()),
            new CallCommand.ChangeStatus(LAPTOP, MediaStatus.CONNECTED, true, Optional.empty()),
            new CallCommand.LoseDevice(LAPTOP),
            new CallCommand.RegainDevice(LAPTOP),
            new CallCommand.Hangup(LAPTOP, EndReason.HANGUP, Optional.empty()))) {
      driven = driven.after(command, steps);
    }
    assertThat(steps.getLast().stored().event()).isInstanceOf(CallEvent.Ended.class);
    return steps;
  }

  /** A call driven by commands, a second apart. */
  private record Driven(CallState state, Instant now) {
    Driven after(CallCommand command, List<Call.Step> steps) {
      Decision decision = Call.decide(state, command, now);
      List<Call.Step> taken = Call.steps(KEY, state, decision.events());
      steps.addAll(taken);
      return new Driven(taken.isEmpty() ? state : taken.getLast().after(), now.plusSeconds(1));
    }
  }
}
