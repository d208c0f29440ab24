package io.carillon.http.protocol;

import io.carillon.engine.identity.UserKey;

/** What users are called, as far as it is known at the moment a frame is written. */
public interface Names {
  /** The user's display name, or the id where no name is known. Answers at once. */
  String of(UserKey user);
}
