package io.carillon.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Participant;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.directory.NameCache;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Reader;
import io.carillon.http.settings.Realms;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Calls as a reader may see them: from the journal, so never older than the last acknowledged
 * change, and only those the reader is a party to or may see by role.
 */
final class Calls {
  private final CallRecords records;
  private final NameCache names;
  private final Realms realms;
  private final Responses responses;

  Calls(CallRecords records, NameCache names, Realms realms, Responses responses) {
    this.records = records;
    this.names = names;
    this.realms = realms;
    this.responses = responses;
  }

  /** A journal that may be read, and what it comes to. */
  record Visible(List<StoredEvent> journal, CallSnapshot call) {}

  /** For whom a reply is written. */
  Reader reader(Principal asker) {
    return new Reader(asker.user().user(), realms.of(asker.user().realm()).integerIds());
  }

  /** The call with its names loaded; fails as not found where it is none of the asker's. */
  CompletionStage<Visible> find(Principal asker, CallId id) {
    return records
        .events(new CallKey(asker.user().realm(), id))
        .thenCompose(
            journal -> {
              Visible visible = visible(asker, journal);
              return named(List.of(visible.call())).thenApply(done -> visible);
            });
  }

  private static Visible visible(Principal asker, List<StoredEvent> journal) {
    if (Call.replay(journal) instanceof CallState.Known known) {
      CallSnapshot call = CallSnapshot.of(known);
      if (call.concerns(asker.user().user()) || asker.readsRealm()) {
        return new Visible(journal, call);
      }
    }
    throw new Refusal(ErrorCode.CALL_NOT_FOUND);
  }

  /** The asker's calls that are not over, oldest first, with their names loaded. */
  CompletionStage<List<CallSnapshot>> open(Principal asker) {
    return records
        .open(asker.user())
        .thenCompose(
            journals -> {
              List<CallSnapshot> calls =
                  journals.stream()
                      .map(Call::replay)
                      .filter(CallState.Known.class::isInstance)
                      .map(state -> CallSnapshot.of((CallState.Known) state))
                      .filter(call -> !call.isEnded() && isShown(call, asker.user().user()))
                      .toList();
              return named(calls).thenApply(done -> calls);
            });
  }

  /** Whether the reader takes part or is called, and knows of it. */
  private static boolean isShown(CallSnapshot call, UserId reader) {
    Optional<Participant> own = call.roster().find(reader);
    return own.isPresent()
        && switch (own.get().leg()) {
          case Leg.Invited _, Leg.Ringing _, Leg.Joined _ -> true;
          case Leg.Suppressed _, Leg.Closed _, Leg.Barred _ -> false;
        };
  }

  /** Completes when the names of everybody in these calls are known, or cannot be. */
  CompletionStage<Void> named(List<CallSnapshot> calls) {
    Set<UserId> users = new HashSet<>();
    calls.forEach(call -> call.roster().stream().forEach(p -> users.add(p.user())));
    return calls.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : names.load(calls.getFirst().facts().key().realm(), users);
  }

  /** The device with which the asker is in the call. */
  static Optional<DeviceId> deviceIn(CallSnapshot call, Principal asker) {
    return call.roster()
        .find(asker.user().user())
        .map(Participant::leg)
        .filter(Leg.Joined.class::isInstance)
        .map(leg -> ((Leg.Joined) leg).device());
  }

  /** Writes the field {@code call}. */
  void field(JsonGenerator json, CallSnapshot call, Reader reader) throws IOException {
    json.writeFieldName("call");
    responses.writer().calls().write(json, call, reader, responses.clock().instant());
  }
}
