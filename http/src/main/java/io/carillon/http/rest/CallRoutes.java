package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.actor.Reply;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.Ids;
import io.carillon.http.auth.Principal;
import io.carillon.http.command.CallDesk;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.FrameReader;
import io.carillon.http.protocol.FrameReader.Kind;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Reading;
import io.carillon.http.protocol.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The routes that ask something of a call, each in the spelling with the id in the body and the one
 * with the id in the path.
 */
final class CallRoutes {
  private static final String CALLS = "/api/v1/calls";

  private final CallDesk desk;
  private final Calls calls;
  private final Responses responses;

  CallRoutes(CallDesk desk, Calls calls, Responses responses) {
    this.desk = desk;
    this.calls = calls;
    this.responses = responses;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String path : List.of("", "/initiate", "/start", "/create")) {
      routes.add(post(path, Kind.INITIATE));
    }
    both(routes, "acknowledge", Kind.ACKNOWLEDGE);
    both(routes, "respond", Kind.RESPOND);
    for (String word : List.of("accept", "answer", "join")) {
      both(routes, word, Kind.ACCEPT);
    }
    for (String word : List.of("reject", "decline")) {
      both(routes, word, Kind.REJECT);
    }
    both(routes, "cancel", Kind.CANCEL);
    both(routes, "end", Kind.END);
    both(routes, "leave", Kind.LEAVE);
    both(routes, "status", Kind.STATUS);
    both(routes, "heartbeat", Kind.HEARTBEAT);
    routes.add(post("/{call_id}/invite", Kind.INVITE));
    routes.add(post("/{call_id}/uninvite", Kind.UNINVITE));
    routes.add(post("/{call_id}/remove", Kind.REMOVE));
    routes.add(post("/{call_id}/role", Kind.ROLE));
    routes.add(post("/{call_id}/mute", Kind.MUTE));
    routes.add(post("/{call_id}/end_for_all", Kind.END_FOR_ALL));
    routes.add(post("/{call_id}/escalate", Kind.ESCALATE));
    routes.add(post("/{call_id}/handoff", Kind.HANDOFF));
    routes.add(post("/{call_id}/extend", Kind.EXTEND));
    routes.add(post("/{call_id}/signals", Kind.SIGNAL));
    routes.add(new Route("POST", CALLS + "/end-all", KNOWN, this::endAll));
    return routes;
  }

  private void both(List<Route> routes, String word, Kind kind) {
    routes.add(post("/" + word, kind));
    routes.add(post("/{call_id}/" + word, kind));
  }

  private Route post(String path, Kind kind) {
    return new Route("POST", CALLS + path, KNOWN, exchange -> order(exchange, kind));
  }

  private CompletionStage<HttpResponse> order(Exchange exchange, Kind kind) {
    Optional<CallId> call =
        exchange.path().isEmpty() ? Optional.empty() : Optional.of(exchange.call());
    Reading<ClientFrame.Order> reading =
        FrameReader.order(kind, exchange.body(), call, key(exchange));
    return switch (reading) {
      case Reading.Bad<ClientFrame.Order>(Problem problem, _) -> throw new Refusal(problem);
      case Reading.Good<ClientFrame.Order>(ClientFrame.Order order) ->
          desk.carryOut(order, exchange.principal(), Optional.empty())
              .thenCompose(outcome -> named(outcome))
              .thenApply(outcome -> response(exchange.principal(), kind, order, outcome));
    };
  }

  /** The outcome, once the names of those in its call are known. */
  private CompletionStage<CallDesk.Outcome> named(CallDesk.Outcome outcome) {
    Optional<CallSnapshot> call =
        switch (outcome) {
          case CallDesk.Outcome.Done done -> Optional.of(done.reply().call());
          case CallDesk.Outcome.Failed(Problem problem) -> problem.call();
        };
    return call.isEmpty()
        ? CompletableFuture.completedFuture(outcome)
        : calls.named(List.of(call.get())).thenApply(done -> outcome);
  }

  private static Optional<String> key(Exchange exchange) {
    Optional<String> key = exchange.header("Idempotency-Key");
    if (key.isPresent() && !Ids.isWellFormed(key.get())) {
      throw new Refusal(
          Problem.invalid("/Idempotency-Key", "must have 1 to " + Ids.MAX_LENGTH + " characters"));
    }
    return key;
  }

  private HttpResponse response(
      Principal asker, Kind kind, ClientFrame.Order order, CallDesk.Outcome outcome) {
    return switch (outcome) {
      case CallDesk.Outcome.Failed(Problem problem) -> throw new Refusal(problem);
      case CallDesk.Outcome.Done(Reply.Done reply, var token) -> {
        Reader reader = calls.reader(asker);
        CallSnapshot call = reply.call();
        int status =
            switch (kind) {
              // Of two calls that crossed this one was not made: nothing was created.
              case INITIATE -> reply.requested().isPresent() ? 200 : 201;
              case SIGNAL -> 202;
              case ACKNOWLEDGE,
                  ACCEPT,
                  REJECT,
                  RESPOND,
                  CANCEL,
                  END,
                  LEAVE,
                  STATUS,
                  HEARTBEAT,
                  INVITE,
                  UNINVITE,
                  REMOVE,
                  ROLE,
                  MUTE,
                  END_FOR_ALL,
                  ESCALATE,
                  HANDOFF,
                  EXTEND ->
                  200;
            };
        HttpResponse response =
            responses.success(
                status,
                json -> {
                  fields(json, kind, order, reply, token);
                  if (kind != Kind.SIGNAL) {
                    calls.field(json, call, reader);
                  }
                });
        if (kind == Kind.INITIATE) {
          String id = call.facts().key().call().value();
          response = response.addHeader(Responses.header("Location", CALLS + "/" + id));
        }
        yield reply.replayed()
            ? response.addHeader(Responses.header("Idempotent-Replayed", "true"))
            : response;
      }
    };
  }

  /** What each route says beside the call, as the seeds' clients expect it. */
  private static void fields(
      JsonGenerator json,
      Kind kind,
      ClientFrame.Order order,
      Reply.Done reply,
      Optional<String> token)
      throws IOException {
    CallSnapshot call = reply.call();
    switch (kind) {
      case INITIATE -> {
        json.writeStringField("call_id", call.facts().key().call().value());
        jitsi(json, call);
        json.writeNumberField("timeout_seconds", call.facts().limits().setupTimeout().toSeconds());
        json.writeBooleanField("receiver_online", reply.receiverOnline());
        if (reply.requested().isPresent()) {
          json.writeBooleanField("glare", true);
          json.writeStringField("requested", reply.requested().get().value());
          admission(json, reply, token);
        }
      }
      case ACCEPT, REJECT, RESPOND -> {
        json.writeStringField("status", "ok");
        // What the caller answered, in the seeds' words, whatever the call has become since.
        json.writeStringField(
            "call_status", order instanceof ClientFrame.Accept ? "accepted" : Words.state(call));
        jitsi(json, call);
        admission(json, reply, token);
      }
      case END, LEAVE -> json.writeStringField("status", "ok");
      case HEARTBEAT -> json.writeStringField("call_state", Words.state(call));
      case CANCEL -> {
        if (reply.effect() == Decision.Effect.HANGUP) {
          // The accept was first: the cancel was carried out as a hang-up (R11).
          json.writeStringField("effective", "hangup");
        }
      }
      case ACKNOWLEDGE,
          STATUS,
          INVITE,
          UNINVITE,
          REMOVE,
          ROLE,
          MUTE,
          END_FOR_ALL,
          ESCALATE,
          HANDOFF,
          EXTEND,
          SIGNAL -> {}
    }
    if (reply.effect() == Decision.Effect.NO_OP) {
      json.writeBooleanField("noop", true);
    }
  }

  /** What whoever takes a call needs for its media. */
  private static void admission(JsonGenerator json, Reply.Done reply, Optional<String> token)
      throws IOException {
    if (token.isPresent()) {
      json.writeStringField("jitsi_token", token.get());
    }
    if (reply.offer().isPresent()) {
      json.writeFieldName("offer");
      json.writeRawValue(reply.offer().get());
    }
  }

  private static void jitsi(JsonGenerator json, CallSnapshot call) throws IOException {
    if (call.facts().jitsi().isPresent()) {
      json.writeStringField("jitsi_url", call.facts().jitsi().get().url());
    }
  }

  /** Ends every call the user is in or places (R21). */
  private CompletionStage<HttpResponse> endAll(Exchange exchange) {
    Principal asker = exchange.principal();
    return calls
        .open(asker)
        .thenCompose(
            open -> {
              List<CompletionStage<String>> outcomes = new ArrayList<>();
              List<CallSnapshot> concerned =
                  open.stream().filter(call -> isIn(call, asker)).toList();
              for (CallSnapshot call : concerned) {
                outcomes.add(end(call, asker));
              }
              return all(outcomes)
                  .thenApply(
                      words ->
                          responses.success(
                              200,
                              json -> {
                                json.writeArrayFieldStart("calls");
                                for (int i = 0; i < words.size(); i++) {
                                  json.writeStartObject();
                                  json.writeStringField(
                                      "call_id", concerned.get(i).facts().key().call().value());
                                  json.writeStringField("outcome", words.get(i));
                                  json.writeEndObject();
                                }
                                json.writeEndArray();
                              }));
            });
  }

  private static boolean isIn(CallSnapshot call, Principal asker) {
    return call.roster().joined().stream().anyMatch(p -> p.user().equals(asker.user().user()));
  }

  private CompletionStage<String> end(CallSnapshot call, Principal asker) {
    ClientFrame.End order =
        new ClientFrame.End(ClientFrame.Tag.NONE, call.facts().key().call(), EndReason.HANGUP);
    return desk.carryOut(order, asker, Calls.deviceIn(call, asker))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case CallDesk.Outcome.Done done -> Words.state(done.reply().call());
                  case CallDesk.Outcome.Failed(Problem problem) -> problem.code().code();
                });
  }

  private static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    CompletionStage<List<T>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (CompletionStage<T> stage : stages) {
      all =
          all.thenCombine(
              stage,
              (list, one) -> {
                list.add(one);
                return list;
              });
    }
    return all;
  }
}
