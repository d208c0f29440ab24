package io.carillon.engine.call;

/** Where the media of a call run. */
public enum MediaPlane {
  /** Between the devices themselves (WebRTC). */
  P2P,
  /** In a room of a Jitsi server. */
  JITSI
}
