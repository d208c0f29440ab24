package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.command.JitsiTokens;
import io.carillon.http.directory.NameCache;
import io.carillon.http.protocol.CallJson;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Json;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Timestamps;
import io.carillon.http.protocol.Words;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.readmodel.History;
import io.carillon.persistence.readmodel.HistoryQuery;
import io.carillon.persistence.readmodel.InvalidCursorException;
import io.carillon.persistence.words.CallStateWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The routes that read calls: one, its journal, the open ones, the history. */
final class ReadRoutes {
  private static final String CALLS = "/api/v1/calls";
  private static final int EVENTS = 500;

  private final Calls calls;
  private final History history;
  private final NameCache names;
  private final JitsiTokens jitsi;
  private final Responses responses;
  private final HistoryJson historyJson;
  private final EventCodec codec = new EventCodec();

  ReadRoutes(
      Calls calls, History history, NameCache names, JitsiTokens jitsi, Responses responses) {
    this.calls = calls;
    this.history = history;
    this.names = names;
    this.jitsi = jitsi;
    this.responses = responses;
    this.historyJson = new HistoryJson(names);
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", CALLS, KNOWN, this::history),
        new Route("GET", CALLS + "/history", KNOWN, this::history),
        new Route("GET", CALLS + "/active", KNOWN, this::active),
        new Route("GET", CALLS + "/{call_id}", KNOWN, this::call),
        new Route("GET", CALLS + "/{call_id}/events", KNOWN, this::events),
        new Route("GET", CALLS + "/{call_id}/ring-state", KNOWN, this::ringState),
        new Route("GET", CALLS + "/{call_id}/jitsi", KNOWN, this::jitsi));
  }

  private CompletionStage<HttpResponse> call(Exchange exchange) {
    Reader reader = calls.reader(exchange.principal());
    long atSeq = exchange.number("at_seq", Long.MAX_VALUE, 1, Long.MAX_VALUE);
    Optional<Instant> at = exchange.query("at").map(text -> time("at", text));
    return calls
        .find(exchange.principal(), exchange.call())
        .thenApply(
            found -> {
              CallSnapshot call = past(found, atSeq, at);
              return responses.success(200, json -> calls.field(json, call, reader));
            });
  }

  /** The call as it was after the last event that is not too late; never before its first one. */
  private static CallSnapshot past(Calls.Visible found, long atSeq, Optional<Instant> at) {
    List<StoredEvent> until =
        found.journal().stream()
            .filter(
                stored ->
                    stored.seq() == 1
                        || (stored.seq() <= atSeq
                            && at.map(t -> !stored.event().header().at().isAfter(t)).orElse(true)))
            .toList();
    return until.size() == found.journal().size()
        ? found.call()
        : CallSnapshot.of((CallState.Known) Call.replay(until));
  }

  private CompletionStage<HttpResponse> events(Exchange exchange) {
    Reader reader = calls.reader(exchange.principal());
    long after = exchange.number("after_seq", 0, 0, Long.MAX_VALUE);
    long limit = exchange.number("limit", EVENTS, 1, EVENTS);
    return calls
        .find(exchange.principal(), exchange.call())
        .thenApply(
            found -> {
              List<StoredEvent> shown =
                  found.journal().stream().filter(e -> e.seq() > after).limit(limit).toList();
              return responses.success(
                  200,
                  json -> {
                    json.writeArrayFieldStart("events");
                    for (StoredEvent stored : shown) {
                      Actor actor = stored.event().header().actor();
                      json.writeStartObject();
                      json.writeNumberField("call_seq", stored.seq());
                      json.writeStringField("event_id", stored.key().call() + ":" + stored.seq());
                      json.writeStringField("type", EventCodec.manifest(stored.event()));
                      json.writeStringField(
                          "timestamp", Timestamps.text(stored.event().header().at()));
                      json.writeFieldName("actor");
                      CallJson.writeActor(json, actor, reader);
                      json.writeFieldName("data");
                      json.writeRawValue(data(stored, exchange.principal()));
                      json.writeEndObject();
                    }
                    json.writeEndArray();
                  });
            });
  }

  /**
   * What is stored, without what is for the engine alone. Whether a callee was not to be disturbed
   * or had blocked the caller is for analysts: the other party would learn it from here (R18).
   */
  private String data(StoredEvent stored, Principal asker) {
    try {
      ObjectNode data = (ObjectNode) Json.trees().readTree(codec.encode(stored));
      data.remove(List.of("realm", "call_id", "seq", "at", "actor", "request", "wake_at"));
      if (!asker.readsRealm()) {
        data.path("invitations").forEach(one -> ((ObjectNode) one).remove("line"));
      }
      return data.toString();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // our own writing, from memory
    }
  }

  private CompletionStage<HttpResponse> ringState(Exchange exchange) {
    UserId reader = exchange.principal().user().user();
    return calls
        .find(exchange.principal(), exchange.call())
        .thenApply(
            found -> {
              CallSnapshot call = found.call();
              Instant now = responses.clock().instant();
              long remaining =
                  CallJson.deadline(call, reader)
                      .map(deadline -> Math.max(0, Duration.between(now, deadline).toMillis()))
                      .orElse(0L);
              return responses.success(
                  200,
                  json -> {
                    json.writeStringField("state", Words.state(call));
                    if (call.ending().isPresent()) {
                      json.writeStringField(
                          "reason", Words.REASON.word(call.ending().get().reason()));
                    }
                    json.writeNumberField("remaining_ms", remaining);
                  });
            });
  }

  private CompletionStage<HttpResponse> jitsi(Exchange exchange) {
    return calls
        .find(exchange.principal(), exchange.call())
        .thenApply(
            found -> {
              CallSnapshot call = found.call();
              if (call.facts().jitsi().isEmpty()) {
                throw new Refusal(ErrorCode.NOT_FOUND);
              }
              if (call.phase() != CallSnapshot.Phase.ACCEPTED) {
                throw new Refusal(
                    Problem.of(ErrorCode.INVALID_STATE, "The room opens with the accept."));
              }
              return responses.success(
                  200,
                  json -> {
                    json.writeStringField("jitsi_url", call.facts().jitsi().get().url());
                    Optional<String> token = jitsi.issue(call, exchange.principal());
                    if (token.isPresent()) {
                      json.writeStringField("jitsi_token", token.get());
                    }
                  });
            });
  }

  private CompletionStage<HttpResponse> active(Exchange exchange) {
    Reader reader = calls.reader(exchange.principal());
    return calls
        .open(exchange.principal())
        .thenApply(
            open ->
                responses.success(
                    200,
                    json -> {
                      json.writeArrayFieldStart("calls");
                      for (CallSnapshot call : open) {
                        responses
                            .writer()
                            .calls()
                            .write(json, call, reader, responses.clock().instant());
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<HttpResponse> history(Exchange exchange) {
    Reader reader = calls.reader(exchange.principal());
    HistoryQuery query =
        new HistoryQuery(
            exchange.principal().user(),
            (int) exchange.number("limit", 50, 1, HistoryQuery.MAX_LIMIT),
            exchange.query("cursor"),
            exchange.query("state").map(ReadRoutes::states).orElse(Set.of()),
            exchange
                .query("call_type")
                .map(
                    word ->
                        Words.CALL_TYPE
                            .find(word)
                            .orElseThrow(() -> wrong("call_type", "must be one of: audio, video"))),
            exchange.query("peer").map(ReadRoutes::user),
            exchange.query("from").map(text -> time("from", text)),
            exchange.query("to").map(text -> time("to", text)));
    try {
      return history
          .page(query)
          .thenCompose(
              page -> {
                Set<UserId> users = new HashSet<>();
                page.calls().forEach(c -> c.parties().forEach(p -> users.add(p.user())));
                return names.load(query.user().realm(), users).thenApply(done -> page);
              })
          .thenApply(
              page ->
                  responses.success(
                      200,
                      json -> {
                        json.writeArrayFieldStart("calls");
                        for (var call : page.calls()) {
                          historyJson.write(json, call, reader, responses.clock().instant());
                        }
                        json.writeEndArray();
                        if (page.next().isPresent()) {
                          json.writeStringField("next_cursor", page.next().get());
                        }
                      }));
    } catch (InvalidCursorException foreign) {
      throw wrong("cursor", "must be a next_cursor of an earlier page");
    }
  }

  private static Set<CallStateWord> states(String list) {
    Set<CallStateWord> states = EnumSet.noneOf(CallStateWord.class);
    for (String word : list.split(",", -1)) {
      boolean known = false;
      for (CallStateWord state : CallStateWord.values()) {
        if (state.name().toLowerCase(Locale.ROOT).equals(word)) {
          known = states.add(state) || known;
        }
      }
      if (!known) {
        throw wrong("state", "must be states of a call, separated by commas");
      }
    }
    return states;
  }

  private static UserId user(String text) {
    if (!Ids.isWellFormed(text)) {
      throw wrong("peer", "must be a user's id");
    }
    return new UserId(text);
  }

  private static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      throw wrong(name, "must be an RFC 3339 time, such as 2026-01-31T12:00:00Z");
    }
  }

  private static Refusal wrong(String name, String detail) {
    return new Refusal(Problem.invalid("/" + name, detail));
  }
}
