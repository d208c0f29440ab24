package io.carillon.http.faults.check;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One stored event, as it lies in the database.
 *
 * @param type its stored name without {@code call.} and version, {@code ring_started}
 */
public record JournalRow(
    String realm, String call, long seq, String writer, String type, JsonNode payload) {
  /** When it was decided, in milliseconds of the epoch. */
  public long atMillis() {
    return payload.path("at").asLong();
  }

  /** {@code device}, {@code clock}, {@code engine}, … */
  public String actor() {
    return payload.path("actor").path("kind").asText();
  }

  /** The idempotency key of the request behind it; empty: it had none. */
  public String key() {
    return payload.path("request").path("key").asText("");
  }

  /** Who sent that request. */
  public String requester() {
    return payload.path("request").path("user").asText("");
  }

  /** Whoever acted, as {@code user/device}. */
  public String by() {
    JsonNode by = payload.path("by").isObject() ? payload.path("by") : payload.path("actor");
    return by.path("user").asText("") + "/" + by.path("device").asText("");
  }

  @Override
  public String toString() {
    return call + ":" + seq + " " + type;
  }
}
