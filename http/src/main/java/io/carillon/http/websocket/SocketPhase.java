package io.carillon.http.websocket;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.http.protocol.Reader;

/** How far a socket has come. */
sealed interface SocketPhase {

  /** Nobody has said who this is. */
  record Anonymous() implements SocketPhase {}

  /** A credential is being checked; nothing is read meanwhile. */
  record Checking() implements SocketPhase {}

  /** Attached to its user's session. */
  record Attached(Principal principal, DeviceId device, String platform, Reader reader)
      implements SocketPhase {
    UserKey user() {
      return principal.user();
    }

    /** The same with a newer credential of the same user. */
    Attached with(Principal fresh) {
      return new Attached(fresh, device, platform, reader);
    }
  }

  /** The close frame is on its way; only the other side's is waited for. */
  record Closing() implements SocketPhase {}
}
