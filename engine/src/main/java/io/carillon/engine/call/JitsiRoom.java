package io.carillon.engine.call;

/**
 * The Jitsi room of a call (R44).
 *
 * @param serverUrl base URL of the server, without a slash at its end
 * @param name the room's name, not guessable from the call's id
 */
public record JitsiRoom(String serverUrl, String name) {
  /** Where a browser joins; carries no token. */
  public String url() {
    return serverUrl + "/" + name;
  }
}
