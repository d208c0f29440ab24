package io.carillon.http.pure;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Signal;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.Cursor;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Issuer;
import io.carillon.http.auth.KeySet;
import io.carillon.http.auth.Role;
import io.carillon.http.auth.TokenVerifier;
import io.carillon.http.auth.Verdict;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.FrameReader;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Reading;
import io.carillon.http.protocol.ServerFrame;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.projection.RowChange;
import io.carillon.persistence.projection.RowChanges;
import io.carillon.persistence.testdatabase.TestCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One method for each part, over what a direct call of five events brings it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PureParts {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Reader READER = new Reader(new UserId("bert"), false);
  private static final byte[] SECRET =
      "a secret long enough for HS256 to be signed with".getBytes(StandardCharsets.UTF_8);
  private static final UserKey BERT = new UserKey(new RealmId("acme"), new UserId("bert"));

  /** As browsers describe one audio and one video track, about. */
  private static final String DESCRIPTION =
      "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n" + "a=ssrc:1 cname:x\\r\\n".repeat(40) + "\"}";

  private final TestCall ringing =
      TestCall.placed(
              "acme", "0196f3a2-0000-7000-8000-000000000001", CallMode.DIRECT, NOW, "anna", "bert")
          .after(Duration.ofSeconds(1))
          .ring("bert");
  private final CallState ringingState = Call.replay(ringing.journal());
  private final CallCommand accept =
      new CallCommand.Accept(TestCall.device("bert"), false, Optional.empty());
  private final List<StoredEvent> life =
      TestCall.placed(
              "acme", "0196f3a2-0000-7000-8000-000000000002", CallMode.DIRECT, NOW, "anna", "bert")
          .ring("bert")
          .accept("bert")
          .mute("bert")
          .hangUp("anna")
          .journal();
  private final StoredEvent accepted = life.get(2);
  private final EventCodec codec = new EventCodec();
  private final String manifest = EventCodec.manifest(accepted.event());
  private final byte[] stored = codec.encode(accepted);
  private final FrameWriter writer = new FrameWriter(user -> user.user().value());
  private final Cursor cursor =
      new Cursor(NOW, LongStream.range(0, 4).mapToObj(i -> new Cursor.Seen(i * 7919, 5)).toList());
  private final String cursorText = cursor.encode();
  private final ServerFrame eventFrame =
      new ServerFrame.CallEventFrame(
          accepted.event(),
          Notice.of(new UserId("bert"), new Notice.All(), Notice.Type.CALL_ACCEPTED),
          ringing.snapshot(),
          Optional.empty(),
          cursorText,
          false);
  private final ServerFrame signalFrame =
      new ServerFrame.MediaFrame(
          ringing.snapshot(),
          TestCall.device("anna"),
          new Signal(Signal.Kind.OFFER, DESCRIPTION, Optional.empty(), Optional.empty()));
  private final byte[] signalText =
      ("{\"type\":\"call.offer\",\"call_id\":\""
              + life.getFirst().key().call().value()
              + "\",\"offer\":"
              + DESCRIPTION
              + "}")
          .getBytes(StandardCharsets.UTF_8);
  private final TokenVerifier verifier =
      new TokenVerifier(
          List.of(
              new Issuer(
                  Optional.empty(), Optional.empty(), Optional.empty(), KeySet.secret(SECRET))),
          Duration.ZERO,
          InstantSource.fixed(NOW));
  private final String token =
      new DevTokens(SECRET, InstantSource.fixed(NOW))
          .issue(BERT, Optional.of("Bert"), Set.of(Role.USER), Duration.ofHours(1));

  /** An accept, decided. */
  @Benchmark
  public Decision decide() {
    return Call.decide(ringingState, accept, NOW.plusSeconds(2));
  }

  /** An accept, decided, applied, and who is told of it. */
  @Benchmark
  public List<Notice> decideApplyAndTell() {
    Decision decision = decide();
    return Call.steps(ringing.key(), ringingState, decision.events()).getFirst().notices();
  }

  /** A call of five events, read back. */
  @Benchmark
  public CallState replay() {
    return Call.replay(life);
  }

  /** An event, as the journal stores it. */
  @Benchmark
  public byte[] encodeEvent() {
    return codec.encode(accepted);
  }

  /** An event, as the journal has it. */
  @Benchmark
  public StoredEvent decodeEvent() {
    return codec.decode(manifest, stored);
  }

  /** What the tables learn of an event. */
  @Benchmark
  public List<RowChange> rowsOfAnEvent() {
    return RowChanges.of(accepted);
  }

  /** A frame that tells of an event. */
  @Benchmark
  public byte[] writeEventFrame() {
    return writer.write(eventFrame, READER, NOW);
  }

  /** A frame with a description, in. */
  @Benchmark
  public Reading<ClientFrame> readSignal() {
    return FrameReader.frame(signalText);
  }

  /** A frame with a description, out. */
  @Benchmark
  public byte[] writeSignal() {
    return writer.write(signalFrame, READER, NOW);
  }

  /** Where a device stands that knows of four calls, as it carries it. */
  @Benchmark
  public String encodeCursor() {
    return cursor.encode();
  }

  /** The same, read. */
  @Benchmark
  public Optional<Cursor> decodeCursor() {
    return Cursor.decode(cursorText);
  }

  /** A token signed with a shared secret. */
  @Benchmark
  public CompletionStage<Verdict> verifyToken() {
    return verifier.verify(token);
  }

  /** Whether what is measured is what it is meant to be: refusals are cheap. */
  boolean isMeant() {
    return decide().events().size() == 1
        && ((Decision.Done) decide().answer()).effect() == Decision.Effect.APPLIED
        && Call.replay(life) instanceof CallState.Ended
        && readSignal() instanceof Reading.Good<ClientFrame>
        && Cursor.decode(cursorText).equals(Optional.of(cursor))
        && verifyToken().toCompletableFuture().join() instanceof Verdict.Known;
  }
}
