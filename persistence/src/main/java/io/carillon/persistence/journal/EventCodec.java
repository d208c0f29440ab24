package io.carillon.persistence.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.StoredEvent;
import java.io.IOException;

/**
 * The stored form of an event: a name with its version, and JSON. Written and read by hand, field
 * by field: this runs for every event, and a stored form must not change because a class did.
 */
public final class EventCodec {
  // Field names are few and ours; interning them in the JVM's table would only cost.
  private final JsonFactory json =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private final EventWriter writer = new EventWriter(json);

  /** The stored name of an event. A new event does not compile until it has one. */
  public static String manifest(CallEvent event) {
    return switch (event) {
      case CallEvent.Initiated _ -> "call.initiated.v1";
      case CallEvent.RingStarted _ -> "call.ring_started.v1";
      case CallEvent.RingWithheld _ -> "call.ring_withheld.v1";
      case CallEvent.RingIgnored _ -> "call.ring_ignored.v1";
      case CallEvent.Accepted _ -> "call.accepted.v1";
      case CallEvent.Connected _ -> "call.connected.v1";
      case CallEvent.StatusChanged _ -> "call.status_changed.v1";
      case CallEvent.ConnectionLost _ -> "call.connection_lost.v1";
      case CallEvent.ConnectionRegained _ -> "call.connection_regained.v1";
      case CallEvent.Invited _ -> "call.invited.v1";
      case CallEvent.LegClosed _ -> "call.leg_closed.v1";
      case CallEvent.Left _ -> "call.left.v1";
      case CallEvent.RoleChanged _ -> "call.role_changed.v1";
      case CallEvent.ModeChanged _ -> "call.mode_changed.v1";
      case CallEvent.HandedOff _ -> "call.handed_off.v1";
      case CallEvent.Extended _ -> "call.extended.v1";
      case CallEvent.Expiring _ -> "call.expiring.v1";
      case CallEvent.Ended _ -> "call.ended.v1";
      case CallEvent.LateAccepted _ -> "call.late_accepted.v1";
    };
  }

  /**
   * Writes an event down, compact, in UTF-8.
   *
   * @throws IllegalArgumentException when its context or metadata is not JSON
   */
  public byte[] encode(StoredEvent stored) {
    return writer.write(stored);
  }

  /**
   * Reads an event.
   *
   * @throws UnreadableEventException when this version does not know the name, or the text is not
   *     what the name promises
   */
  public StoredEvent decode(String manifest, byte[] payload) {
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableEventException(manifest, "it is not a JSON object", null);
      }
      return EventReader.read(manifest, JsonFields.read(parser, payload));
    } catch (IOException e) {
      // The parser's own message quotes the text.
      throw new UnreadableEventException(manifest, "it is not JSON", null);
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(manifest, String.valueOf(e.getMessage()), e);
    }
  }
}
