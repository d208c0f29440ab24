package io.carillon.http.command;

import io.carillon.engine.identity.UserKey;
import io.carillon.http.settings.IceSettings;
import io.carillon.http.settings.Realms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The STUN and TURN servers for one user (R45). TURN credentials are those of the TURN REST
 * convention, which coturn checks with {@code use-auth-secret}: a name that says when it expires,
 * and its HMAC-SHA1.
 */
public final class IceServers {
  private final Realms realms;
  private final InstantSource clock;

  /** Makes credentials for the servers the realms are configured with. */
  public IceServers(Realms realms, InstantSource clock) {
    this.realms = realms;
    this.clock = clock;
  }

  /**
   * One entry of {@code RTCConfiguration.iceServers}.
   *
   * @param urls where
   * @param username with TURN only
   * @param credential with TURN only
   */
  public record Server(List<String> urls, Optional<String> username, Optional<String> credential) {
    @Override
    public String toString() {
      return "Server[" + urls + "]";
    }
  }

  /** The servers, and how long their credentials are good. */
  public record Offer(List<Server> servers, Duration validFor) {}

  /** What this user is to use. */
  public Offer of(UserKey user) {
    IceSettings settings = realms.of(user.realm()).ice();
    List<Server> servers = new ArrayList<>();
    if (!settings.stunUrls().isEmpty()) {
      servers.add(new Server(settings.stunUrls(), Optional.empty(), Optional.empty()));
    }
    if (!settings.turnUrls().isEmpty() && settings.turnSecret().isPresent()) {
      long expires = clock.instant().plus(settings.validFor()).getEpochSecond();
      // A hash stands for the user: the TURN server's log has no business with names.
      String who = Hashes.sha256(user.realm() + "|" + user.user()).substring(0, 16);
      String username = expires + ":" + who;
      byte[] key = settings.turnSecret().get().getBytes(StandardCharsets.UTF_8);
      String credential =
          Base64.getEncoder().encodeToString(Hashes.hmac("HmacSHA1", key, username));
      servers.add(new Server(settings.turnUrls(), Optional.of(username), Optional.of(credential)));
    }
    return new Offer(servers, settings.validFor());
  }
}
