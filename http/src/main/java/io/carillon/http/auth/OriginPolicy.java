package io.carillon.http.auth;

import java.util.List;
import java.util.Optional;

/**
 * Which browser pages may use the API (R71). Programs other than browsers send no {@code Origin};
 * whoever forges one could as well leave it out, so this protects browsers' users and nobody else.
 */
public final class OriginPolicy {
  private final List<String> allowed;

  /**
   * @param allowed origins as browsers send them; {@code scheme://host:*} stands for any port
   */
  public OriginPolicy(List<String> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /**
   * Says whether a request from this origin may be served.
   *
   * @param origin the header, if there is one
   * @param host the request's {@code Host}: a page may always talk to where it came from
   */
  public boolean admits(Optional<String> origin, String host) {
    return origin.isEmpty()
        || origin.get().equals("http://" + host)
        || origin.get().equals("https://" + host)
        || isAllowed(origin.get());
  }

  private boolean isAllowed(String origin) {
    for (String entry : allowed) {
      if (entry.endsWith(":*") ? anyPort(entry, origin) : entry.equals(origin)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyPort(String entry, String origin) {
    String base = entry.substring(0, entry.length() - 2);
    if (!origin.startsWith(base)) {
      return false;
    }
    String rest = origin.substring(base.length());
    return rest.isEmpty()
        || (rest.startsWith(":") && rest.substring(1).chars().allMatch(Character::isDigit));
  }
}
