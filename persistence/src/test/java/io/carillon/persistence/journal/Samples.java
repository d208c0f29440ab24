package io.carillon.persistence.journal;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.EventHeader;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One event of each kind, as the golden files have them: never changed, only added to. */
final class Samples {
  static final CallKey KEY =
      new CallKey(new RealmId("acme"), new CallId("0192f3a4-7c1e-7b6a-9d55-0a4e6f1b2c3d"));
  static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");

  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final Endpoint ALICES = new Endpoint(ALICE, new DeviceId("laptop"));
  private static final Endpoint BOBS = new Endpoint(BOB, new DeviceId("phone-1"));

  private Samples() {}

  static List<StoredEvent> all() {
    return List.of(
        stored(1, initiated(), 120_000),
        stored(2, new CallEvent.RingStarted(keyed(), BOBS, AT.plusSeconds(30)), 32_000),
        stored(3, new CallEvent.RingWithheld(by(BOBS), BOBS, "muted"), 32_000),
        stored(4, new CallEvent.RingIgnored(by(BOBS), BOBS), 32_000),
        stored(5, new CallEvent.Accepted(by(BOBS), BOBS), 3_540_000),
        stored(6, new CallEvent.Connected(by(ALICES)), 3_540_000),
        stored(
            7,
            new CallEvent.StatusChanged(by(ALICES), ALICE, MediaStatus.SCREEN_SHARING, true),
            3_540_000),
        stored(8, new CallEvent.ConnectionLost(engine(), BOBS, AT.plusMillis(30_500)), 30_500),
        stored(9, new CallEvent.ConnectionRegained(engine(), BOBS), 3_540_000),
        stored(
            10,
            new CallEvent.Invited(
                by(ALICES),
                ALICE,
                List.of(
                    new Invitation(new UserId("carol"), Line.FREE),
                    new Invitation(new UserId("dave"), Line.DO_NOT_DISTURB))),
            60_000),
        stored(
            11,
            new CallEvent.LegClosed(clock(), new UserId("carol"), EndReason.NO_ANSWER),
            3_540_000),
        stored(
            12, new CallEvent.Left(by(ALICES), new UserId("dave"), EndReason.REMOVED, true), 500),
        stored(13, new CallEvent.RoleChanged(by(ALICES), BOB, ParticipantRole.COHOST), 500),
        stored(14, new CallEvent.ModeChanged(by(ALICES), CallMode.CONFERENCE), 500),
        stored(
            15,
            new CallEvent.HandedOff(by(BOBS), BOB, new DeviceId("phone-1"), new DeviceId("desk")),
            500),
        stored(16, new CallEvent.Extended(by(ALICES), AT.plusSeconds(7200)), 7_140_000),
        stored(17, new CallEvent.Expiring(clock(), Duration.ofSeconds(60)), 50_000),
        new StoredEvent(
            KEY,
            18,
            new CallEvent.Ended(
                header(new Actor.Admin(new UserId("root"))),
                EndReason.ADMIN_ENDED,
                Optional.of("a \"note\"\nof two lines"),
                Optional.of(new CallId("next")),
                true),
            Optional.empty()),
        new StoredEvent(
            KEY,
            19,
            new CallEvent.LateAccepted(by(BOBS), BOBS, Duration.ofMillis(1234)),
            Optional.empty()));
  }

  static CallEvent.Initiated initiated() {
    CallFacts facts =
        new CallFacts(
            KEY,
            ALICES,
            CallType.VIDEO,
            CallMode.DIRECT,
            RingStyle.NOTIFY,
            MediaPlane.JITSI,
            Optional.of(new JitsiRoom("https://meet.example.org", "c-9f8e7d")),
            Optional.of("{\"conversation_id\": 42, \"tags\": [1.50, null, \"\\u00e4ö☎\"]}"),
            Optional.of("\"plain text\""),
            true,
            CallLimits.STANDARD,
            AT);
    return new CallEvent.Initiated(
        new EventHeader(
            AT,
            new Actor.Service(new UserId("crm")),
            Optional.of(new RequestKey(ALICE, "k-1", "f"))),
        facts,
        List.of(new Invitation(BOB, Line.BUSY)));
  }

  private static StoredEvent stored(long seq, CallEvent event, long wakeAfterMillis) {
    return new StoredEvent(KEY, seq, event, Optional.of(AT.plusMillis(wakeAfterMillis)));
  }

  private static EventHeader keyed() {
    return new EventHeader(
        AT,
        new Actor.Device(BOBS),
        Optional.of(new RequestKey(BOB, "5d4f9a", "POST /api/v1/calls/acknowledge 77aa")));
  }

  private static EventHeader by(Endpoint endpoint) {
    return header(new Actor.Device(endpoint));
  }

  private static EventHeader clock() {
    return header(new Actor.Clock(AT.minusMillis(7)));
  }

  private static EventHeader engine() {
    return header(new Actor.Engine());
  }

  private static EventHeader header(Actor actor) {
    return new EventHeader(AT, actor, Optional.empty());
  }
}
