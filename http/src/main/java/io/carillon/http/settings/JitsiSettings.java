package io.carillon.http.settings;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * The Jitsi rooms of a realm (R44).
 *
 * @param enabled whether calls may run in rooms
 * @param serverUrl base URL without a slash at its end
 * @param meetingPrefix how the rooms' names begin
 * @param roomSecret what makes the names unguessable; empty: the node's own secret
 * @param token how room tokens are signed
 */
public record JitsiSettings(
    boolean enabled,
    String serverUrl,
    String meetingPrefix,
    Optional<String> roomSecret,
    TokenStyle token) {

  /** How a room admits people. */
  public sealed interface TokenStyle {}

  /** Whoever knows the URL may enter. */
  public record Open() implements TokenStyle {}

  /**
   * A server of one's own with a shared secret.
   *
   * @param appId {@code iss} of the tokens
   * @param appSecret what they are signed with, at least 32 bytes
   * @param domain {@code sub} of the tokens
   * @param validFor how long a token admits
   */
  public record SelfHosted(String appId, String appSecret, String domain, Duration validFor)
      implements TokenStyle {
    @Override
    public String toString() {
      return "SelfHosted[" + appId + "]";
    }
  }

  /**
   * Jitsi as a Service.
   *
   * @param appId the tenant, {@code vpaas-magic-cookie-…}
   * @param keyId {@code kid} of the tokens
   * @param privateKeyFile the PEM file of the RSA key (PKCS #8)
   * @param validFor how long a token admits
   */
  public record Jaas(String appId, String keyId, String privateKeyFile, Duration validFor)
      implements TokenStyle {}

  static JitsiSettings from(Config config) {
    String url = config.getString("server-url").replaceAll("/+$", "");
    Checks.require(
        url.startsWith("https://") || url.startsWith("http://"),
        "calls.jitsi.server-url",
        "must begin with https:// or http://");
    Duration validFor = config.getDuration("token.valid-for");
    Checks.require(
        validFor.compareTo(Duration.ofHours(2)) <= 0,
        "calls.jitsi.token.valid-for",
        "must be at most 2 hours");
    String style = config.getString("token.style");
    TokenStyle token =
        switch (style) {
          case "none" -> new Open();
          case "self-hosted" -> {
            String secret = config.getString("token.app-secret");
            Checks.require(
                secret.length() >= 32, "calls.jitsi.token.app-secret", "must have 32 characters");
            yield new SelfHosted(
                config.getString("token.app-id"),
                secret,
                config.getString("token.domain"),
                validFor);
          }
          case "jaas" -> {
            Checks.require(
                Checks.text(config, "token.private-key-file").isPresent(),
                "calls.jitsi.token.private-key-file",
                "must name a file");
            yield new Jaas(
                config.getString("token.app-id"),
                config.getString("token.key-id"),
                config.getString("token.private-key-file"),
                validFor);
          }
          default ->
              throw new IllegalArgumentException(
                  "carillon.calls.jitsi.token.style must be none, self-hosted or jaas");
        };
    return new JitsiSettings(
        config.getBoolean("enabled"),
        url,
        config.getString("meeting-prefix"),
        Checks.text(config, "room-secret"),
        token);
  }

  @Override
  public String toString() {
    return "JitsiSettings[" + enabled + ", " + serverUrl + "]";
  }
}
