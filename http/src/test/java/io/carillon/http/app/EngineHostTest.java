package io.carillon.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.carillon.engine.actor.Initiation;
import io.carillon.engine.actor.Reply;
import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.embedded.EmbeddedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a real database, without an edge. */
class EngineHostTest {
  private static final RealmId REALM = new RealmId("acme");
  private static final UserKey ALICE = new UserKey(REALM, new UserId("alice"));
  private static final UserKey BOB = new UserKey(REALM, new UserId("bob"));
  private static final DeviceId PHONE = new DeviceId("phone");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path data;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedDatabase postgres;

  @SuppressWarnings("NullAway.Init")
  private static EngineHost host;

  @BeforeAll
  static void start() {
    postgres = EmbeddedDatabase.start(data);
    host =
        EngineHost.start(
            ConfigFactory.parseString("carillon.cluster.port = 0").withFallback(postgres.config()),
            key -> Optional.empty());
  }

  @AfterAll
  static void stop() throws Exception {
    host.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    postgres.close();
  }

  @Test
  void aCallRingsIsAcceptedAndEndsAndCanBeReadBack() throws Exception {
    TestProbe<ToSocket> alice = TestProbe.create(ToSocket.class, host.system());
    TestProbe<ToSocket> bob = TestProbe.create(ToSocket.class, host.system());
    attach(ALICE, alice);
    attach(BOB, bob);

    Reply.Done placed = (Reply.Done) get(host.engine().initiate(call(ALICE, BOB)));
    assertThat(placed.receiverOnline()).isTrue();
    CallKey key = placed.call().facts().key();
    expect(bob, Notice.Type.CALL_STARTED);

    Endpoint callee = new Endpoint(BOB.user(), PHONE);
    submit(key, new CallCommand.AcknowledgeRing(callee, Optional.empty(), Optional.empty()));
    expect(alice, Notice.Type.PARTICIPANT_RINGING);
    submit(key, new CallCommand.Accept(callee, false, Optional.empty()));
    expect(alice, Notice.Type.CALL_ACCEPTED);
    expect(bob, Notice.Type.CALL_ACCEPTED);
    submit(key, new CallCommand.Hangup(callee, EndReason.HANGUP, Optional.empty()));
    expect(alice, Notice.Type.CALL_ENDED);
    expect(bob, Notice.Type.CALL_ENDED);

    assertThat(get(host.records().events(key))).hasSize(4);
    assertThat(get(host.records().open(ALICE))).isEmpty();
  }

  @Test
  void twoWhoCallEachOtherAtTheSameTimeShareOneCall() throws Exception {
    for (int i = 0; i < 50; i++) {
      UserKey one = new UserKey(REALM, new UserId("one-" + i));
      UserKey two = new UserKey(REALM, new UserId("two-" + i));
      CompletionStage<Reply> first = host.engine().initiate(call(one, two));
      CompletionStage<Reply> second = host.engine().initiate(call(two, one));
      CallSnapshot a = ((Reply.Done) get(first)).call();
      CallSnapshot b = ((Reply.Done) get(second)).call();
      assertThat(a.facts().key()).isEqualTo(b.facts().key());
      assertThat(get(host.records().open(one))).hasSize(1);
    }
  }

  private static void attach(UserKey user, TestProbe<ToSocket> socket) {
    host.engine().attach(user, PHONE, "test", Optional.empty(), socket.getRef());
    socket.expectMessageClass(ToSocket.Welcome.class, Duration.ofSeconds(20));
    socket.expectMessageClass(ToSocket.CaughtUp.class);
    socket.expectMessageClass(ToSocket.Live.class);
  }

  private static void expect(TestProbe<ToSocket> socket, Notice.Type type) {
    assertThat(socket.expectMessageClass(ToSocket.Event.class).notice().type()).isEqualTo(type);
  }

  private static void submit(CallKey key, CallCommand command) throws Exception {
    assertThat(get(host.engine().submit(key, command))).isInstanceOf(Reply.Done.class);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Initiation call(UserKey from, UserKey to) {
    return new Initiation(
        from,
        Optional.of(PHONE),
        List.of(to.user()),
        CallType.VIDEO,
        CallMode.DIRECT,
        RingStyle.RING,
        MediaPlane.P2P,
        Optional.empty(),
        Optional.empty(),
        CallLimits.STANDARD,
        Optional.empty(),
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty());
  }
}
