package io.carillon.http.faults;

import io.carillon.http.faults.load.Phone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Clients that come all at once, repeat themselves or flood: F19, F20 and F25; and a rest, I19. */
final class ClientEpisodes {
  /** Beside everybody else's sockets. */
  private static final int GUESTS = 400;

  private ClientEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode("F19", "every socket dropped at once", Need.NOTHING, ClientEpisodes::storm),
        new Episode(
            "F20", "every command sent up to three times", Need.NOTHING, ClientEpisodes::repeat),
        new Episode(
            "F25", "one user sends 2,000 messages a second", Need.NOTHING, ClientEpisodes::flood),
        new Episode("I19", "nothing breaks for 10 s", Need.NOTHING, ClientEpisodes::rest));
  }

  private static List<Figure> storm(Stage stage) {
    List<Phone> guests = new ArrayList<>();
    for (int i = 0; i < GUESTS; i++) {
      guests.add(stage.crowd().guest("guest-" + i));
    }
    Awaitility.await("the guests")
        .atMost(Duration.ofMinutes(1))
        .until(() -> guests.stream().allMatch(Phone::isConnected));
    List<Phone> all = new ArrayList<>(stage.crowd().phones());
    all.addAll(guests);
    stage.heaps();
    long start = stage.start("drop " + all.size() + " sockets");
    all.forEach(Phone::cut);
    stage.hold(Duration.ofSeconds(10));
    Awaitility.await("everybody to be back")
        .atMost(Duration.ofMinutes(1))
        .until(() -> all.stream().allMatch(Phone::isConnected));
    Readings seen = stage.readings(start);
    stage.stop();
    guests.forEach(Phone::leave);
    stage.awaitCalm();
    stage.heaps();
    List<Long> resumed = seen.resumeMillis();
    double p95 = resumed.isEmpty() ? 60 : resumed.get(resumed.size() * 95 / 100) / 1000.0;
    double last = resumed.isEmpty() ? 60 : resumed.getLast() / 1000.0;
    return List.of(
        Figure.limited("95 % resumed after", p95, "s", 10),
        Figure.limited("all resumed after", last, "s", 30),
        Figure.limited("new calls p99", Readings.p99(seen.newCallMillis()) / 1000, "s", 1),
        Figure.told("sockets dropped", all.size(), ""));
  }

  private static List<Figure> repeat(Stage stage) {
    int before = stage.api().echoes();
    long start = stage.start("send everything up to three times");
    stage.api().echo(true);
    stage.hold(Duration.ofSeconds(20));
    stage.api().echo(false);
    stage.hold(Duration.ofSeconds(4));
    stage.stop();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.told("copies sent", stage.api().echoes() - before, ""),
        Figure.told("requests", seen.requests(), ""),
        Figure.limited("unknown outcomes", seen.unknown(), "", 0));
  }

  private static List<Figure> flood(Stage stage) {
    long calm = stage.recorder().now();
    stage.hold(Duration.ofSeconds(10));
    double before = stage.usesP99(calm);
    Phone flooder = stage.crowd().guest("flooder");
    Awaitility.await("the flooder").until(flooder::isConnected);
    stage.heaps();
    long start = stage.start("flood");
    long until = start + 10_000_000;
    int said = 0;
    while (stage.recorder().now() < until) {
      for (int i = 0; i < 20; i++) {
        flooder.say("{\"type\":\"ping\"}");
        said++;
      }
      stage.hold(Duration.ofMillis(10));
    }
    double during = stage.usesP99(start);
    stage.stop();
    flooder.leave();
    stage.awaitCalm();
    stage.heaps();
    return List.of(
        Figure.limited("p99 of the others", during, "ms", before * 1.1 + 5),
        Figure.told("p99 of the others before", before, "ms"),
        Figure.told("messages sent", said, ""));
  }

  private static List<Figure> rest(Stage stage) {
    long start = stage.start("nothing");
    stage.stop();
    stage.hold(Duration.ofSeconds(10));
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited(
            "new calls that needed a retry", seen.newCalls() - seen.newCallsAtOnce(), "", 1),
        Figure.limited("new calls p99", Readings.p99(seen.newCallMillis()) / 1000, "s", 1),
        Figure.told("new calls", seen.newCalls(), ""));
  }
}
