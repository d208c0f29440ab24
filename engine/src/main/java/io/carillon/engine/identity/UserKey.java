package io.carillon.engine.identity;

/**
 * A user in the whole system: users of two realms with the same id are strangers.
 *
 * @param realm the realm the user belongs to
 * @param user the user's id in that realm
 */
public record UserKey(RealmId realm, UserId user) {}
