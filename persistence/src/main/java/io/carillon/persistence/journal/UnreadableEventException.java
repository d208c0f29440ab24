package io.carillon.persistence.journal;

import org.jspecify.annotations.Nullable;

/**
 * A stored event cannot be read: written by a newer version, or damaged. Only its call is affected
 * (I26); nothing is ever written over it.
 */
public final class UnreadableEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String manifest;

  UnreadableEventException(String manifest, String why, @Nullable Throwable cause) {
    super("stored event '" + manifest + "' cannot be read: " + why, cause);
    this.manifest = manifest;
  }

  /** The stored name of the event. */
  public String manifest() {
    return manifest;
  }
}
