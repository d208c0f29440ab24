package io.carillon.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.Signal;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.Cursor;
import io.carillon.engine.session.DrivenCall;
import io.carillon.engine.session.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device is told what it missed as fast as it takes it: all of it, in order, once. */
class AttachedDeviceTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00.500Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
  private static final Endpoint ALICE = new Endpoint(new UserId("alice"), new DeviceId("laptop"));
  private static final Endpoint BOB = new Endpoint(new UserId("bob"), new DeviceId("phone"));
  private static final int MOST = 2000;

  /** One attachment, from the socket's side. */
  private static final class Socket {
    final TestInbox<ToSocket> inbox = TestInbox.create();
    final TestInbox<SessionMessage> session = TestInbox.create();
    final List<CallKey> holes = new ArrayList<>();
    final AttachedDevice device;

    Socket(Optional<Cursor> cursor, Instant now) {
      device =
          new AttachedDevice(
              BOB.user(),
              BOB.device(),
              inbox.getRef(),
              cursor,
              false,
              cursor.map(Cursor::horizon).orElse(now.minus(Cursor.OVERLAP)),
              session.getRef(),
              holes::add);
    }

    static Socket resumes(Instant since, List<DrivenCall> calls) {
      Socket socket = new Socket(Optional.of(new Cursor(since, List.of())), NOW);
      socket.read(calls, NOW);
      return socket;
    }

    void read(List<DrivenCall> calls, Instant now) {
      device.catchUp(journals(calls), MOST, List.of(), now);
    }

    /** Takes what is there; asks for more if it is a page, and says whether it was one. */
    boolean turn(List<ToSocket> heard, Instant now) {
      List<ToSocket> page = inbox.getAllReceived();
      heard.addAll(page);
      if (page.isEmpty() || !(page.getLast() instanceof ToSocket.Pause pause)) {
        return false;
      }
      pause.goOn();
      var more = (SessionMessage.More) session.receiveMessage();
      assertThat(more.sessionId()).isEqualTo(device.sessionId());
      device.more(more.page(), now);
      return true;
    }

    List<ToSocket> everything(Instant now) {
      List<ToSocket> heard = new ArrayList<>();
      int pages = 0;
      while (turn(heard, now)) {
        assertThat(++pages).isLessThan(10_000);
      }
      return heard;
    }
  }

  private static List<List<StoredEvent>> journals(List<DrivenCall> calls) {
    return calls.stream().map(DrivenCall::journal).toList();
  }

  private static DrivenCall cancelled(String id, Instant at) {
    return DrivenCall.placed(id, ALICE, BOB.user(), at).cancel(ALICE, at.plusMillis(200));
  }

  private static List<DrivenCall> cancelled(int count, Instant from, Duration apart) {
    List<DrivenCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(cancelled("c-" + i, from.plus(apart.multipliedBy(i))));
    }
    return calls;
  }

  private static String name(ToSocket.Event event) {
    return event.news().call().facts().key().call() + ":" + event.news().seq();
  }

  private static List<String> names(List<ToSocket> heard) {
    List<String> names = new ArrayList<>();
    for (ToSocket said : heard) {
      if (said instanceof ToSocket.Event event) {
        names.add(name(event));
      }
    }
    return names;
  }

  private static SessionMessage.Tell tell(DrivenCall call, int step, long previous) {
    var taken = call.steps().get(step);
    List<Notice> notices = taken.notices().stream().filter(n -> n.to().equals(BOB.user())).toList();
    News news = new News(taken.stored().event(), CallSnapshot.of(taken.after()), Optional.empty());
    return new SessionMessage.Tell(
        call.key(),
        BOB.user(),
        news,
        notices,
        previous,
        TestInbox.<CallEntity.Message>create().getRef());
  }

  @Test
  void aLongBacklogIsToldInPagesEachWhenTheLastWasTaken() {
    List<DrivenCall> calls = cancelled(200, LONG_AGO, Duration.ofSeconds(10));
    Socket socket = Socket.resumes(LONG_AGO.minusSeconds(1), calls);
    List<ToSocket> first = new ArrayList<>(socket.inbox.getAllReceived());
    assertThat(first.getFirst()).isInstanceOf(ToSocket.Welcome.class);
    assertThat(first.getLast()).isInstanceOf(ToSocket.Pause.class);
    assertThat(names(first)).hasSizeBetween(25, 35);
    ((ToSocket.Pause) first.getLast()).goOn();
    socket.device.more(((SessionMessage.More) socket.session.receiveMessage()).page(), NOW);
    List<ToSocket> rest = socket.everything(NOW);
    assertThat(rest.getLast()).isInstanceOf(ToSocket.Live.class);
    assertThat(rest.get(rest.size() - 2)).isInstanceOf(ToSocket.CaughtUp.class);
    List<String> told = names(first);
    told.addAll(names(rest));
    assertThat(told).containsExactlyElementsOf(calls.stream().map(c -> c.id() + ":2").toList());
  }

  @Test
  void aPageIsToldOnceHoweverOftenItIsAskedFor() {
    Socket socket = Socket.resumes(LONG_AGO, cancelled(100, LONG_AGO, Duration.ofSeconds(10)));
    socket.inbox.getAllReceived();
    socket.device.more(1, NOW);
    int second = socket.inbox.getAllReceived().size();
    assertThat(second).isPositive();
    socket.device.more(1, NOW);
    socket.device.more(7, NOW);
    assertThat(socket.inbox.hasMessages()).isFalse();
  }

  @Test
  void whatIsLargeComesInSmallerPages() {
    List<Invitation> everybody = new ArrayList<>();
    everybody.add(new Invitation(BOB.user(), Line.FREE));
    for (int i = 0; i < 6; i++) {
      everybody.add(new Invitation(new UserId("guest-" + i), Line.FREE));
    }
    List<DrivenCall> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      DrivenCall call = new DrivenCall("g-" + i);
      call.place(ALICE, CallMode.CONFERENCE, RingStyle.RING, LONG_AGO, everybody);
      calls.add(call.cancel(ALICE, LONG_AGO.plusSeconds(i)));
    }
    Socket socket = Socket.resumes(LONG_AGO, calls);
    int most = 0;
    List<ToSocket> page = new ArrayList<>();
    while (socket.turn(page, NOW)) {
      most = Math.max(most, names(page).size());
      page.clear();
    }
    assertThat(most).isBetween(10, 18);
  }

  @Test
  void whatHappensMeanwhileIsToldAfterEverythingThatWasMissed() {
    Socket socket = Socket.resumes(LONG_AGO, cancelled(100, LONG_AGO, Duration.ofSeconds(10)));
    DrivenCall fresh = DrivenCall.placed("fresh", ALICE, BOB.user(), NOW);
    assertThat(socket.device.take(tell(fresh, 0, 0), NOW)).isTrue();
    Signal signal = new Signal(Signal.Kind.OFFER, "{}", Optional.empty(), Optional.empty());
    var signalled = new SessionMessage.Signalled(fresh.snapshot(), ALICE, BOB.device(), signal);
    assertThat(socket.device.hand(signalled)).isTrue();
    assertThat(socket.device.unsent()).containsExactly(signalled);
    List<ToSocket> heard = socket.everything(NOW.plusSeconds(1));
    assertThat(names(heard)).hasSize(101).endsWith("c-99:2", "fresh:1").doesNotHaveDuplicates();
    assertThat(heard.getLast()).isInstanceOf(ToSocket.Live.class);
    assertThat(heard.get(heard.size() - 2)).isInstanceOf(ToSocket.SignalArrived.class);
    assertThat(socket.device.unsent()).isEmpty();
    assertThat(socket.holes).isEmpty();
    assertThat(socket.device.take(tell(cancelled("later", NOW), 1, 0), NOW)).isTrue();
    assertThat(names(socket.inbox.getAllReceived())).containsExactly("later:2");
  }

  @Test
  void aDeviceBehindWhichTooMuchWaitsIsTurnedAway() {
    Socket socket = Socket.resumes(LONG_AGO, cancelled(100, LONG_AGO, Duration.ofSeconds(10)));
    SessionMessage.Tell tell = tell(DrivenCall.placed("x", ALICE, BOB.user(), NOW), 0, 0);
    for (int i = 0; i < 1024; i++) {
      assertThat(socket.device.take(tell, NOW)).isTrue();
    }
    assertThat(socket.device.take(tell, NOW)).isFalse();
    assertThat(socket.device.tellMissed(List.of(), NOW)).isFalse();
  }

  @Test
  void newsThatWereLostOnTheirWayWhileADeviceIsCaughtUpAreAskedFor() {
    Socket socket = Socket.resumes(LONG_AGO, cancelled(100, LONG_AGO, Duration.ofSeconds(10)));
    DrivenCall fresh = cancelled("fresh", NOW);
    socket.device.take(tell(fresh, 1, 1), NOW);
    assertThat(names(socket.everything(NOW))).hasSize(100);
    assertThat(socket.holes).containsExactly(fresh.key());
    socket.device.tellMissed(journals(List.of(fresh)), NOW);
    assertThat(names(socket.inbox.getAllReceived())).containsExactly("fresh:2");
  }

  @Test
  void aRingWhoseTimeIsUpWhenItsTurnComesIsNotTold() {
    List<DrivenCall> calls = cancelled(100, LONG_AGO, Duration.ofSeconds(10));
    calls.add(DrivenCall.placed("rings", ALICE, BOB.user(), NOW.minusSeconds(1)));
    assertThat(names(Socket.resumes(LONG_AGO, calls).everything(NOW))).endsWith("rings:1");
    List<String> late =
        names(Socket.resumes(LONG_AGO, calls).everything(NOW.plus(Duration.ofMinutes(5))));
    assertThat(late).hasSize(100).doesNotContain("rings:1");
  }

  @Test
  void aRingThatEndedWhileItsTurnWasWaitedForIsToldAsItsEndAlone() {
    DrivenCall rings = DrivenCall.placed("rings", ALICE, BOB.user(), NOW.minusSeconds(1));
    List<DrivenCall> calls = cancelled(100, LONG_AGO, Duration.ofSeconds(10));
    calls.add(rings);
    Socket socket = Socket.resumes(LONG_AGO, calls);
    rings.cancel(ALICE, NOW);
    socket.device.take(tell(rings, 1, 1), NOW);
    DrivenCall brief = cancelled("brief", NOW);
    socket.device.take(tell(brief, 0, 0), NOW);
    socket.device.take(tell(brief, 1, 1), NOW);
    assertThat(names(socket.everything(NOW)))
        .hasSize(102)
        .endsWith("rings:2", "brief:2")
        .doesNotContain("rings:1", "brief:1");
  }

  /**
   * A reader that loses its connection again and again, each time after some frames. Calls lie far
   * apart, or all within the time that is always read again, where a cursor cannot name them all.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void overAnyNumberOfResumesEverythingIsToldOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    Duration apart = Duration.ofMillis(seed % 2 == 0 ? 50 : 20_000);
    int count = 300;
    List<DrivenCall> calls =
        cancelled(count, NOW.minus(apart.multipliedBy(count)).minusSeconds(1), apart);
    Instant since = NOW.minus(apart.multipliedBy(count)).minusSeconds(2);
    Cursor cursor = new Cursor(since, List.of());
    List<String> told = new ArrayList<>();
    Instant now = NOW;
    int resumes = 0;
    boolean done = false;
    while (!done) {
      assertThat(++resumes).as("seed %d", seed).isLessThan(2 * count);
      now = now.plusMillis(random.nextInt(3000));
      Socket socket = new Socket(Optional.of(cursor), now);
      Instant from = cursor.horizon();
      socket.read(calls.stream().filter(c -> !c.snapshot().at().isBefore(from)).toList(), now);
      List<ToSocket> heard = socket.everything(now);
      int reads = 1 + random.nextInt(40);
      for (ToSocket said : heard.subList(0, Math.min(reads, heard.size()))) {
        switch (said) {
          case ToSocket.Welcome welcome -> cursor = Cursor.decode(welcome.cursor()).orElseThrow();
          case ToSocket.Event event -> {
            told.add(name(event));
            cursor = Cursor.decode(event.cursor()).orElseThrow();
          }
          case ToSocket.CaughtUp end -> {
            cursor = Cursor.decode(end.cursor()).orElseThrow();
            done = true;
          }
          case ToSocket.Pause _, ToSocket.Live _ -> {}
          default -> throw new AssertionError(said);
        }
      }
    }
    assertThat(told)
        .as("seed %d", seed)
        .containsExactlyElementsOf(calls.stream().map(c -> c.id() + ":2").toList());
    assertThat(names(resumed(cursor, calls, now.plusSeconds(1)))).isEmpty();
  }

  /** What is written a moment after it was decided may be missing in one reading. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void whatOneReadingDidNotShowYetIsToldAfterAnother(long seed) {
    Random random = new Random(seed);
    List<DrivenCall> calls = cancelled(120, NOW.minusSeconds(20), Duration.ofMillis(150));
    Set<String> told = new LinkedHashSet<>();
    Cursor cursor = new Cursor(NOW.minusSeconds(60), List.of());
    for (int i = 0; i < 60; i++) {
      Instant now = NOW.plusMillis(100L * i);
      boolean last = i == 59;
      List<DrivenCall> visible =
          calls.stream().filter(c -> last || random.nextInt(100) > 1).toList();
      for (ToSocket said : resumed(cursor, visible, now)) {
        if (said instanceof ToSocket.Event event) {
          told.add(name(event));
          cursor = Cursor.decode(event.cursor()).orElseThrow();
          if (!last && random.nextInt(10) == 0) {
            break;
          }
        }
      }
    }
    assertThat(told)
        .as("seed %d", seed)
        .containsAll(calls.stream().map(c -> c.id() + ":2").toList());
  }

  private static List<ToSocket> resumed(Cursor cursor, List<DrivenCall> calls, Instant now) {
    Socket socket = new Socket(Optional.of(cursor), now);
    List<DrivenCall> byChange = new ArrayList<>(calls);
    byChange.sort(Comparator.comparing(c -> c.snapshot().at()));
    socket.read(byChange, now);
    return socket.everything(now);
  }
}
