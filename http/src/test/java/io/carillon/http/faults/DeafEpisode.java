package io.carillon.http.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.load.DeafReader;
import io.carillon.http.faults.load.Phone;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Readers that stop reading, F18. Most are told nothing and have to be found by their silence; to
 * some somebody goes on talking, more than a node keeps for anyone.
 */
final class DeafEpisode {
  private static final int SILENT = 200;
  private static final int TALKED_TO = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** For so long they are talked to. */
  private static final long TALK_MICROS = 10_000_000;

  /** After 25 s of silence a socket is dead, and is looked at every ten. */
  private static final long SILENCE_MILLIS = 37_000;

  /** One offer is so large; 256 KiB wait for a reader at most. */
  private static final int OFFER = 48_000;

  private final Stage stage;

  /** One who talks and one who does not listen, in a call. */
  private record Talk(Phone talker, DeafReader deaf, String call) {}

  private DeafEpisode(Stage stage) {
    this.stage = stage;
  }

  static List<Episode> all() {
    return List.of(
        new Episode(
            "F18",
            SILENT + TALKED_TO + " readers stop reading",
            Need.NOTHING,
            stage -> new DeafEpisode(stage).play()));
  }

  private List<Figure> play() {
    long calm = stage.recorder().now();
    stage.hold(Duration.ofSeconds(8));
    double before = stage.usesP99(calm);
    List<Long> heapBefore = stage.heaps();
    List<Talk> talks = together(TALKED_TO, this::talk);
    stage.awaitCalm();
    long opened = stage.recorder().now();
    List<DeafReader> silent = together(SILENT, i -> deaf("silent-" + i));
    long start = stage.start("talk to those who do not read");
    double during = talk(talks, start);
    double closed = secondsUntilClosed(talks.stream().map(Talk::deaf).toList(), start);
    long left = SILENCE_MILLIS - (stage.recorder().now() - opened) / 1000;
    stage.hold(Duration.ofMillis(Math.max(0, left)));
    // What is said to a connection that is gone is refused; saying the next thing tells so.
    silent.forEach(DeafReader::isOpen);
    stage.hold(Duration.ofMillis(500));
    long found = silent.stream().filter(reader -> !reader.isOpen()).count();
    talks.forEach(this::hangUp);
    silent.forEach(DeafReader::close);
    stage.stop();
    stage.awaitCalm();
    List<Long> heapAfter = stage.heaps();
    double more =
        IntStream.range(0, FaultCluster.NODES)
            .mapToLong(i -> heapAfter.get(i) - heapBefore.get(i))
            .max()
            .orElse(0);
    return List.of(
        Figure.limited("talked to, all closed after", closed, "s", 10),
        Figure.limited("p99 of the others", during, "ms", before * 1.2 + 5),
        Figure.limited("memory of a node afterwards more by", more / (1 << 20), "MB", 64),
        Figure.limited("silent ones not found after 37 s", (double) (SILENT - found), "", 0),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("p99 of the others before", before, "ms"));
  }

  private <T> List<T> together(int number, IntFunction<T> make) {
    List<CompletableFuture<T>> made =
        IntStream.range(0, number)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> make.apply(i), stage.crowd().threads()))
            .toList();
    return made.stream().map(CompletableFuture::join).toList();
  }

  private DeafReader deaf(String user) {
    Api api = stage.api();
    return new DeafReader(api, stage.recorder(), new Who(Crowd.REALM, user, "deaf"), api.anyNode());
  }

  private Talk talk(int number) {
    Phone talker = stage.crowd().guest("talker-" + number);
    Awaitility.await("a talker").atMost(PATIENCE).until(talker::isConnected);
    DeafReader deaf = deaf("deaf-" + number);
    ObjectNode body = Api.body().put("receiver_id", deaf.who().user()).put("call_type", "audio");
    String call = order(talker.who(), "initiate", "", body);
    order(deaf.who(), "accept", call, Api.body());
    return new Talk(talker, deaf, call);
  }

  private String order(Who who, String op, String call, ObjectNode body) {
    return stage.api().insist(who, stage.order(op, call, body), PATIENCE).call();
  }

  /** Twice a second an offer to each; returns what the others felt meanwhile. */
  private double talk(List<Talk> talks, long start) {
    String sdp = "v=0 " + "a".repeat(OFFER);
    List<Talk> open = new ArrayList<>(talks);
    while (stage.recorder().now() < start + TALK_MICROS && !open.isEmpty()) {
      for (Talk talk : open) {
        ObjectNode frame = Api.body().put("type", "call.offer").put("call_id", talk.call());
        frame.putObject("offer").put("type", "offer").put("sdp", sdp);
        talk.talker().say(frame.toString());
      }
      open.removeIf(talk -> !talk.deaf().isOpen());
      stage.hold(Duration.ofMillis(400));
    }
    return stage.usesP99(start);
  }

  private double secondsUntilClosed(List<DeafReader> readers, long start) {
    try {
      Awaitility.await("the end of those who do not read")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> readers.stream().filter(DeafReader::isOpen).count() == 0);
    } catch (ConditionTimeoutException never) {
      stage.recorder().mark("F18", "not closed", "");
    }
    return (stage.recorder().now() - start) / 1e6;
  }

  private void hangUp(Talk talk) {
    talk.deaf().close();
    order(talk.talker().who(), "end", talk.call(), Api.body());
    Awaitility.await("an ended call")
        .atMost(PATIENCE)
        .until(
            () ->
                talk.talker()
                    .await(talk.call(), Duration.ZERO, e -> e.type().equals("call_ended"))
                    .isPresent());
    talk.talker().leave();
  }
}
