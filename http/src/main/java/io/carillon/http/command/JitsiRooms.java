package io.carillon.http.command;

import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.http.settings.JitsiSettings;
import io.carillon.http.settings.Realms;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * Names the Jitsi room of a call (R44). The name is a keyed hash of the call's id: who knows the id
 * cannot find the room, and every node finds the same one.
 */
public final class JitsiRooms implements Function<CallKey, Optional<JitsiRoom>> {
  /** Of the hash's 32 bytes; 20 are beyond guessing and still fit a URL. */
  private static final int NAME_BYTES = 20;

  private final Realms realms;
  private final byte[] secret;

  /**
   * @param secret used where a realm has none of its own; the same on every node
   */
  public JitsiRooms(Realms realms, byte[] secret) {
    this.realms = realms;
    this.secret = secret.clone();
  }

  @Override
  public Optional<JitsiRoom> apply(CallKey call) {
    JitsiSettings settings = realms.of(call.realm()).jitsi();
    if (!settings.enabled()) {
      return Optional.empty();
    }
    byte[] key = settings.roomSecret().map(s -> s.getBytes(StandardCharsets.UTF_8)).orElse(secret);
    byte[] hash = Hashes.hmac("HmacSHA256", key, "room|" + call.realm() + "|" + call.call());
    String name = settings.meetingPrefix() + HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    String base =
        settings.token() instanceof JitsiSettings.Jaas jaas
            ? settings.serverUrl() + "/" + jaas.appId()
            : settings.serverUrl();
    return Optional.of(new JitsiRoom(base, name));
  }
}
