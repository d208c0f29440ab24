package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;

/**
 * One user who is called, with what the user's line said.
 *
 * @param user who is called
 * @param line whether the call may ring there
 */
public record Invitation(UserId user, Line line) {}
