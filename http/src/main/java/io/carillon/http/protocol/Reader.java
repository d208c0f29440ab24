package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.identity.UserId;
import java.io.IOException;

/**
 * For whom something is written.
 *
 * @param user who reads; decides {@code is_outgoing} and whose ring the times are of
 * @param integerIds whether the realm's user ids go out as JSON numbers
 */
public record Reader(UserId user, boolean integerIds) {

  /** Writes a user's id the way this reader's realm has them. */
  public void writeId(JsonGenerator json, String field, UserId id) throws IOException {
    json.writeFieldName(field);
    writeId(json, id);
  }

  private void writeId(JsonGenerator json, UserId id) throws IOException {
    if (integerIds && isInteger(id.value())) {
      json.writeNumber(Long.parseLong(id.value()));
    } else {
      json.writeString(id.value());
    }
  }

  /** Only what comes back as the same text: no leading zeros or signs, and exact in JavaScript. */
  private static boolean isInteger(String text) {
    return text.length() <= 15
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && (text.length() == 1 || text.charAt(0) != '0');
  }
}
