package io.carillon.persistence.directory;

import io.carillon.engine.identity.UserKey;
import java.util.Optional;

/**
 * A user as others see them.
 *
 * @param key who
 * @param name what to call them
 * @param email also their login with an API key
 * @param avatarUrl their picture
 * @param disabled whether they may no longer do anything
 */
public record DirectoryUser(
    UserKey key,
    String name,
    Optional<String> email,
    Optional<String> avatarUrl,
    boolean disabled) {}
