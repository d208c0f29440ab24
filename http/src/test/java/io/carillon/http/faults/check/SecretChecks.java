package io.carillon.http.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** I25: no token, no description of a session and no password of a peer stands in a log. */
final class SecretChecks {
  private static final Pattern SECRET =
      Pattern.compile("canarySdp|ice-pwd|ice-ufrag|a=candidate|Bearer |eyJhbGciOi");

  private SecretChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    for (String line : evidence.logs()) {
      if (SECRET.matcher(line).find()) {
        found.add(new Violation("I25", "in a log: " + line));
      }
    }
    return found;
  }
}
