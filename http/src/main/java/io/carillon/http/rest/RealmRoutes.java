package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.actor.Reply;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.directory.NameCache;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Reading;
import io.carillon.http.protocol.SimpleBody;
import io.carillon.http.protocol.Timestamps;
import io.carillon.http.protocol.Words;
import io.carillon.persistence.readmodel.CallFilter;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmUsers;
import io.carillon.persistence.replay.RingStory;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.statistics.Grouping;
import io.carillon.persistence.statistics.StatisticsTable;
import io.carillon.persistence.words.CallStateWord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * What administrators and analysts of a realm see of it, and why a phone did not ring. Always of
 * the asker's own realm; what an administrator looks at or does is recorded before it is answered.
 */
final class RealmRoutes {
  private static final String CALLS = "/api/v1/calls";
  private static final String ADMIN = "/api/v1/admin/calls";
  private static final int LONGEST_NOTE = 500;

  /** A device that comes back so soon after the call is still told how it ended. */
  private static final Duration AFTER_CALL = Duration.ofMinutes(5);

  private static final Set<CallStateWord> OPEN =
      EnumSet.of(CallStateWord.CALLING, CallStateWord.RINGING, CallStateWord.ACCEPTED);

  private final RealmCalls realm;
  private final RealmUsers users;
  private final Calls calls;
  private final CallEngine engine;
  private final NameCache names;
  private final Responses responses;
  private final HistoryJson historyJson;

  RealmRoutes(
      RealmCalls realm,
      RealmUsers users,
      Calls calls,
      CallEngine engine,
      NameCache names,
      Responses responses) {
    this.realm = realm;
    this.users = users;
    this.calls = calls;
    this.engine = engine;
    this.names = names;
    this.responses = responses;
    this.historyJson = new HistoryJson(names);
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", CALLS + "/{call_id}/timeline", KNOWN, this::timeline),
        new Route("GET", CALLS + "/statistics", KNOWN, this::statistics),
        new Route("GET", ADMIN + "/active", KNOWN, this::active),
        new Route("GET", ADMIN + "/history", KNOWN, this::history),
        new Route("GET", ADMIN + "/recent-activity", KNOWN, this::recent),
        new Route("GET", ADMIN + "/realtime-stats", KNOWN, this::realtime),
        new Route("POST", ADMIN + "/{call_id}/end", KNOWN, this::end));
  }

  private CompletionStage<HttpResponse> timeline(Exchange exchange) {
    Principal asker = exchange.principal();
    Reader reader = calls.reader(asker);
    return calls
        .find(asker, exchange.call())
        .thenCompose(
            found -> {
              List<Call.Step> steps = Call.replaySteps(found.journal());
              RealmId own = asker.user().realm();
              Instant from = found.call().facts().createdAt();
              Instant to =
                  found
                      .call()
                      .ending()
                      .map(CallSnapshot.Ending::at)
                      .orElseGet(responses.clock()::instant);
              return users
                  .around(own, RingStory.called(steps), from, to.plus(AFTER_CALL))
                  .thenCombine(
                      realm.nodes(found.call().facts().key()),
                      (connections, nodes) ->
                          stories(
                              found,
                              RingStory.of(steps, new RingStory.Surroundings(nodes, connections))
                                  .stream()
                                  // What another's line said is that user's business (R18).
                                  .filter(
                                      s ->
                                          asker.readsRealm()
                                              || s.user().equals(asker.user().user()))
                                  .toList(),
                              reader));
            });
  }

  private HttpResponse stories(Calls.Visible found, List<RingStory> stories, Reader reader) {
    return responses.success(
        200,
        json -> {
          json.writeStringField("call_id", found.call().facts().key().call().value());
          json.writeArrayFieldStart("users");
          for (RingStory story : stories) {
            write(json, story, reader);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, RingStory story, Reader reader) throws IOException {
    json.writeStartObject();
    reader.writeId(json, "user_id", story.user());
    json.writeStringField("verdict", story.verdict());
    if (story.calledAt().isPresent()) {
      json.writeStringField("called_at", Timestamps.text(story.calledAt().get()));
    }
    json.writeArrayFieldStart("devices");
    for (RingStory.DeviceStory device : story.devices()) {
      json.writeStartObject();
      if (device.device().isPresent()) {
        json.writeStringField("device_id", device.device().get().value());
      }
      json.writeArrayFieldStart("moments");
      for (RingStory.Moment moment : device.moments()) {
        json.writeStartObject();
        json.writeStringField("timestamp", Timestamps.text(moment.at()));
        if (moment.seq() > 0) {
          json.writeNumberField("call_seq", moment.seq());
        }
        json.writeStringField("kind", moment.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("what", moment.what());
        if (!moment.by().isEmpty()) {
          json.writeStringField("by", moment.by());
        }
        if (moment.node().isPresent()) {
          json.writeStringField("node", moment.node().get());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private CompletionStage<HttpResponse> statistics(Exchange exchange) {
    Principal asker = exchange.principal();
    if (!asker.readsRealm()) {
      throw new Refusal(ErrorCode.FORBIDDEN);
    }
    Grouping by =
        exchange.query("by").map(word -> find(Grouping.class, "by", word)).orElse(Grouping.NONE);
    StatisticsTable.Period period =
        new StatisticsTable.Period(
            Optional.of(asker.user().realm()),
            exchange.query("from").map(text -> time("from", text)),
            exchange.query("to").map(text -> time("to", text)));
    return realm.figures(period, by).thenApply(this::figures);
  }

  private HttpResponse figures(List<CallFigures> figures) {
    return responses.success(
        200,
        json -> {
          json.writeArrayFieldStart("statistics");
          for (CallFigures group : figures) {
            write(json, group);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, CallFigures f) throws IOException {
    json.writeStartObject();
    json.writeStringField("group", f.group());
    json.writeNumberField("attempts", f.attempts());
    json.writeNumberField("reached", f.reached());
    json.writeNumberField("answered", f.answered());
    json.writeNumberField("open", f.open());
    json.writeNumberField("near_misses", f.nearMisses());
    json.writeNumberField("answer_rate", f.answerRate().orElse(0.0));
    json.writeNumberField("reach_rate", f.reachRate().orElse(0.0));
    json.writeNumberField("peak_open", f.peakOpen());
    json.writeNumberField("peak_talking", f.peakTalking());
    write(json, "post_dial_ms", f.postDialMs());
    write(json, "ring_ms", f.ringMs());
    write(json, "talk_ms", f.talkMs());
    json.writeObjectFieldStart("reasons");
    for (Map.Entry<EndReason, Long> reason : f.reasons().entrySet()) {
      json.writeNumberField(Words.REASON.word(reason.getKey()), reason.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, CallFigures.Spread s)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", s.count());
    json.writeNumberField("mean", s.mean());
    json.writeNumberField("p50", s.p50());
    json.writeNumberField("p90", s.p90());
    json.writeNumberField("p95", s.p95());
    json.writeNumberField("p99", s.p99());
    json.writeNumberField("max", s.max());
    json.writeEndObject();
  }

  private CompletionStage<HttpResponse> active(Exchange exchange) {
    return list(exchange, "active", filter(exchange, OPEN));
  }

  private CompletionStage<HttpResponse> recent(Exchange exchange) {
    return list(exchange, "recent-activity", filter(exchange, Set.of()));
  }

  private CompletionStage<HttpResponse> history(Exchange exchange) {
    Set<CallStateWord> states =
        exchange
            .query("state")
            .map(word -> Set.of(find(CallStateWord.class, "state", word)))
            .orElse(Set.of());
    return list(exchange, "history", filter(exchange, states));
  }

  private CompletionStage<HttpResponse> realtime(Exchange exchange) {
    Principal admin = admin(exchange);
    Instant since = responses.clock().instant().minus(Duration.ofHours(1));
    return realm
        .record(admin.user(), "realtime-stats", Optional.empty(), Optional.empty())
        .thenCompose(
            _ ->
                realm.figures(
                    new StatisticsTable.Period(
                        Optional.of(admin.user().realm()), Optional.of(since), Optional.empty()),
                    Grouping.NONE))
        .thenApply(this::figures);
  }

  private static Principal admin(Exchange exchange) {
    Principal asker = exchange.principal();
    if (!asker.roles().contains(Role.ADMIN)) {
      throw new Refusal(ErrorCode.FORBIDDEN);
    }
    return asker;
  }

  private static CallFilter filter(Exchange exchange, Set<CallStateWord> states) {
    RealmId own = admin(exchange).user().realm();
    return new CallFilter(
        Optional.of(own),
        exchange.query("user").map(RealmRoutes::user),
        states,
        exchange
            .query("reason")
            .map(word -> Set.of(find(EndReason.class, "reason", word)))
            .orElse(Set.of()),
        exchange
            .query("call_type")
            .map(
                word ->
                    Words.CALL_TYPE.find(word).orElseThrow(() -> wrong("call_type", "is unknown"))),
        Optional.empty(),
        false,
        Optional.empty(),
        exchange.query("from").map(text -> time("from", text)),
        exchange.query("to").map(text -> time("to", text)),
        exchange.query("cursor").map(RealmCursor::decode),
        Optional.of((int) exchange.number("limit", 50, 1, 100) + 1));
  }

  private CompletionStage<HttpResponse> list(Exchange exchange, String action, CallFilter filter) {
    Principal admin = admin(exchange);
    Reader reader = calls.reader(admin);
    Optional<String> query = exchange.request().getUri().rawQueryString();
    return realm
        .record(admin.user(), action, Optional.empty(), query)
        .thenCompose(_ -> realm.list(filter))
        .thenCompose(
            found -> {
              Set<UserId> parties = new HashSet<>();
              found.forEach(call -> call.parties().forEach(p -> parties.add(p.user())));
              return names.load(admin.user().realm(), parties).thenApply(_ -> found);
            })
        .thenApply(
            found -> {
              int limit = filter.limit().orElseThrow() - 1;
              List<HistoryCall> page = found.subList(0, Math.min(limit, found.size()));
              return responses.success(
                  200,
                  json -> {
                    json.writeArrayFieldStart("calls");
                    for (HistoryCall call : page) {
                      historyJson.write(json, call, reader, responses.clock().instant());
                    }
                    json.writeEndArray();
                    if (found.size() > limit) {
                      json.writeStringField("next_cursor", RealmCursor.after(page.getLast()));
                    }
                  });
            });
  }

  private CompletionStage<HttpResponse> end(Exchange exchange) {
    Principal admin = admin(exchange);
    CallId call = exchange.call();
    String note = note(exchange);
    CallKey key = new CallKey(admin.user().realm(), call);
    return realm
        .record(admin.user(), "end", Optional.of(call), Optional.of(note))
        .thenCompose(
            _ ->
                engine.submit(
                    key,
                    new CallCommand.AdminEnd(
                        new Actor.Admin(admin.user().user()), note, Optional.empty())))
        .thenCompose(
            reply ->
                switch (reply) {
                  case Reply.Done done ->
                      calls
                          .named(List.of(done.call()))
                          .thenApply(
                              _ ->
                                  responses.success(
                                      200,
                                      json -> calls.field(json, done.call(), calls.reader(admin))));
                  case Reply.Refused(var rejection) -> throw new Refusal(Problem.of(rejection));
                  case Reply.Unavailable(boolean outcomeUnknown) ->
                      throw new Refusal(Problem.unavailable(outcomeUnknown, Duration.ofSeconds(1)));
                });
  }

  private static String note(Exchange exchange) {
    return switch (FrameReader.simple(exchange.body())) {
      case Reading.Good<SimpleBody>(SimpleBody body) -> {
        String note = body.text("reason", LONGEST_NOTE).orElse("");
        body.check()
            .ifPresent(
                problem -> {
                  throw new Refusal(problem);
                });
        yield note;
      }
      case Reading.Bad<SimpleBody>(Problem problem, _) -> throw new Refusal(problem);
    };
  }

  private static <E extends Enum<E>> E find(Class<E> type, String name, String word) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw wrong(name, "is unknown");
  }

  private static UserId user(String text) {
    if (!Ids.isWellFormed(text)) {
      throw wrong("user", "must be an id");
    }
    return new UserId(text);
  }

  private static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw wrong(name, "must be an RFC 3339 time, such as 2026-01-31T12:00:00Z");
    }
  }

  private static Refusal wrong(String name, String detail) {
    return new Refusal(Problem.invalid("/" + name, detail));
  }
}
