package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A write that was given up may prove to be stored after the call was read back: then the event the
 * call decides next finds its number taken. What is stored is what happened, and what is told.
 */
class LostWriteTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void theAcceptThatIsStoredIsToldAndNotTheOneThatFoundItsNumberTaken() {
    try (TestDevice alice = node.device("alice", "laptop");
        TestDevice phone = node.device("bob", "phone");
        TestDevice tablet = node.device("bob", "tablet")) {
      JsonNode placed = alice.order("call.initiate", "\"receiver_id\":\"bob\"");
      String call = placed.path("call").path("call_id").asText();
      tablet.event("call_started", call);
      phone.event("call_started", call);
      phone.order("call.acknowledge", call, "\"status\":\"ringing\"");
      alice.event("participant_ringing", call);
      alice.say(
          "{\"type\":\"call.candidate\",\"call_id\":\""
              + call
              + "\",\"candidates\":[{\"candidate\":\"early\"}]}");
      appears(call, 3, "tablet");

      JsonNode refused = phone.order("call.accept", call, "");
      assertThat(refused.path("error").path("code").asText()).isEqualTo("answered_elsewhere");
      JsonNode told = alice.event("call_accepted", call);
      assertThat(told.path("actor").path("device_id").asText()).isEqualTo("tablet");
      assertThat(told.path("call_seq").asLong()).isEqualTo(3);
      assertThat(tablet.event("call_accepted", call).path("call_seq").asLong()).isEqualTo(3);
      assertThat(phone.event("ring_stopped", call).path("reason").asText())
          .isEqualTo("answered_elsewhere");
      assertThat(
              tablet.await("call.candidate").path("candidates").get(0).path("candidate").asText())
          .as("what the caller said before the accept")
          .isEqualTo("early");
      assertThat(phone.events(call)).doesNotContain("call_accepted");
    }
  }

  /** An accept with this device, stored by another writer. */
  private static void appears(String call, long seq, String device) {
    Instant now = Instant.now();
    String bob = "{\"user\":\"bob\",\"device\":\"" + device + "\"}";
    String event =
        "{\"realm\":\"%s\",\"call_id\":\"%s\",\"seq\":%d,\"at\":%d,\"actor\":{\"kind\":\"device\",\"user\":\"bob\",\"device\":\"%s\"},\"by\":%s,\"wake_at\":%d}"
            .formatted(
                TestNode.REALM,
                call,
                seq,
                now.toEpochMilli(),
                device,
                bob,
                now.plus(Duration.ofHours(1)).toEpochMilli());
    node.database()
        .query(
            "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " SELECT persistence_id, "
                + seq
                + ", 'another', write_timestamp, adapter_manifest, event_ser_id,"
                + " 'call.accepted.v1', convert_to('"
                + event
                + "', 'UTF8') FROM event_journal WHERE sequence_number = 1"
                + " AND persistence_id LIKE '%|"
                + call
                + "' RETURNING persistence_id");
  }
}
