package io.carillon.engine.call;

import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Commands in the words of the tests and of the tables in the documents: {@code "b1 accepts"},
 * {@code "a1 invites carol"}. A device's first letter is its user's; {@code b-rest} is a request of
 * bob's that names no device.
 */
final class Phrases {
  private Phrases() {}

  /** The command a phrase says, with a key if it ends in {@code #key}. */
  static CallCommand command(String phrase) {
    String[] parts = phrase.split(" #", 2);
    String[] words = parts[0].strip().split(" ", -1);
    Optional<String> key = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
    return switch (parts[0].strip()) {
      case "a1 calls" -> Play.initiate(Play.DIRECT, CallLimits.STANDARD);
      case "time is checked" -> new CallCommand.CheckDeadlines();
      case "another call takes over" ->
          new CallCommand.Supersede(EndReason.GLARE_MERGED, new CallId("other"));
      case "an admin ends" -> {
        UserId admin = new UserId("admin");
        yield new CallCommand.AdminEnd(
            new Actor.Admin(admin), "for a reason", key.map(k -> requestKey(admin, k, phrase)));
      }
      default -> {
        Endpoint by = Crowd.device(words[0]);
        String verb = String.join(" ", Arrays.copyOfRange(words, 1, words.length));
        yield byDevice(by, verb, words, key.map(k -> requestKey(by.user(), k, parts[0])));
      }
    };
  }

  private static RequestKey requestKey(UserId user, String key, String phrase) {
    return new RequestKey(user, key, phrase);
  }

  private static CallCommand byDevice(
      Endpoint by, String verb, String[] words, Optional<RequestKey> key) {
    String last = words[words.length - 1];
    return switch (verb) {
      case "acknowledges" -> new CallCommand.AcknowledgeRing(by, Optional.empty(), key);
      case "stays silent" -> new CallCommand.AcknowledgeRing(by, Optional.of("muted"), key);
      case "accepts" -> new CallCommand.Accept(by, false, key);
      case "takes over" -> new CallCommand.Accept(by, true, key);
      case "declines" -> decline(by, DeclineReason.DECLINED, key);
      case "is busy" -> decline(by, DeclineReason.BUSY, key);
      case "is unavailable" -> decline(by, DeclineReason.UNAVAILABLE, key);
      case "ignores" -> new CallCommand.Decline(by, DeclineReason.DECLINED, Scope.DEVICE, key);
      case "cancels" -> new CallCommand.Cancel(by, key);
      case "hangs up" -> new CallCommand.Hangup(by, EndReason.HANGUP, key);
      case "reports ice failed" -> new CallCommand.Hangup(by, EndReason.ICE_FAILED, key);
      case "reports media failed" -> new CallCommand.Hangup(by, EndReason.MEDIA_FAILED, key);
      case "reports media timeout" -> new CallCommand.Hangup(by, EndReason.MEDIA_TIMEOUT, key);
      case "mutes" -> new CallCommand.ChangeStatus(by, MediaStatus.MUTED, true, key);
      case "unmutes" -> new CallCommand.ChangeStatus(by, MediaStatus.MUTED, false, key);
      case "holds" -> new CallCommand.ChangeStatus(by, MediaStatus.ON_HOLD, true, key);
      case "is connected" -> new CallCommand.ChangeStatus(by, MediaStatus.CONNECTED, true, key);
      case "is alive" -> new CallCommand.Heartbeat(by);
      case "escalates" -> new CallCommand.Escalate(by, key);
      case "ends for all" -> new CallCommand.EndForAll(by, key);
      case "is lost" -> new CallCommand.LoseDevice(by);
      case "is back" -> new CallCommand.RegainDevice(by);
      default -> withObject(by, words, last, key);
    };
  }

  private static CallCommand withObject(
      Endpoint by, String[] words, String last, Optional<RequestKey> key) {
    return switch (words[1]) {
      case "invites" ->
          new CallCommand.Invite(by, invitations(Arrays.copyOfRange(words, 2, words.length)), key);
      case "uninvites" -> new CallCommand.Uninvite(by, Crowd.named(words[2]), key);
      case "removes" -> new CallCommand.Remove(by, Crowd.named(words[2]), false, key);
      case "bars" -> new CallCommand.Remove(by, Crowd.named(words[2]), true, key);
      case "makes" ->
          new CallCommand.AssignRole(
              by,
              Crowd.named(words[2]),
              ParticipantRole.valueOf(last.toUpperCase(Locale.ROOT)),
              key);
      case "silences" -> new CallCommand.MuteOther(by, Crowd.named(words[2]), key);
      case "hands" ->
          new CallCommand.HandOff(
              by, last.equals("rest") ? DeviceId.REST : new DeviceId(last), key);
      case "extends" ->
          new CallCommand.Extend(by, Duration.ofMillis(Long.parseLong(words[3])), key);
      default -> throw new AssertionError("no such phrase: " + String.join(" ", words));
    };
  }

  private static CallCommand decline(Endpoint by, DeclineReason reason, Optional<RequestKey> key) {
    return new CallCommand.Decline(by, reason, Scope.USER, key);
  }

  /** Names, a line that is not free after a colon: {@code bob carol:busy dave:blocked}. */
  static List<Invitation> invitations(String... names) {
    return Arrays.stream(names)
        .map(
            name -> {
              String[] parts = name.split(":", 2);
              Line line =
                  parts.length == 1
                      ? Line.FREE
                      : Line.valueOf(parts[1].toUpperCase(Locale.ROOT).replace('-', '_'));
              return new Invitation(Crowd.named(parts[0]), line);
            })
        .toList();
  }
}
