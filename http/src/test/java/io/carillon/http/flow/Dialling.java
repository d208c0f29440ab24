package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.Tokens;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/** How the people of these tests call each other. */
final class Dialling {
  private Dialling() {}

  /** A user nobody else knows, so that tests do not hear each other. */
  static String user(String name) {
    return name + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Calls one user; returns the call's id. */
  static String direct(TestDevice caller, String callee) {
    return placed(caller.order("call.initiate", "\"receiver_id\":\"" + callee + "\""));
  }

  /**
   * Calls one user over REST, as somebody who has no device and so cannot be lost. Without a key
   * among the headers the call lives on the node that is asked.
   */
  static TestClient.Answer ring(NodeProcess node, String callee, String... headers) {
    return new TestClient(node.url(), "Bearer " + Tokens.of("caller-of-" + callee))
        .post("/api/v1/calls", "{\"receiver_id\":\"" + callee + "\"}", headers);
  }

  /** Calls a user as {@link #ring}, and waits until this device of theirs rings; the call's id. */
  static String ringAt(NodeProcess node, TestDevice phone, String callee) {
    TestClient.Answer placed = ring(node, callee);
    assertThat(placed.status()).as(placed.body()).isEqualTo(201);
    String call = placed.json().path("call_id").asText();
    phone.event("call_started", call);
    return call;
  }

  /** Calls several users in a mode; returns the call's id. */
  static String group(TestDevice caller, String mode, String... callees) {
    return placed(caller.order("call.initiate", "\"mode\":\"" + mode + "\"," + callees(callees)));
  }

  /** {@code "callees":[…]}. */
  static String callees(String... users) {
    return Arrays.stream(users).collect(Collectors.joining("\",\"", "\"callees\":[\"", "\"]"));
  }

  /** {@code "user_id":…}. */
  static String about(String user) {
    return "\"user_id\":\"" + user + "\"";
  }

  /** The id of the call in a reply that has to be a good one. */
  static String placed(JsonNode reply) {
    return done(reply).path("call_id").asText();
  }

  /** The call in a reply that has to be a good one. */
  static JsonNode done(JsonNode reply) {
    assertThat(reply.path("ok").asBoolean()).as(reply.toString()).isTrue();
    return reply.path("call");
  }

  /** The error in a reply that has to be a refusal with this code. */
  static JsonNode refused(JsonNode reply, String code) {
    assertThat(reply.path("ok").asBoolean()).as(reply.toString()).isFalse();
    assertThat(reply.path("error").path("code").asText()).as(reply.toString()).isEqualTo(code);
    return reply.path("error");
  }

  /** Takes the call and waits until the caller has heard of it. */
  static void accept(TestDevice callee, String call, TestDevice caller) {
    callee.event("call_started", call);
    done(callee.order("call.accept", call, ""));
    caller.event("call_accepted", call);
  }

  /** A participant as a call object shows it. */
  static JsonNode participant(JsonNode call, String user) {
    for (JsonNode participant : call.path("participants")) {
      if (participant.path("user_id").asText().equals(user)) {
        return participant;
      }
    }
    throw new AssertionError(user + " is not in " + call);
  }
}
