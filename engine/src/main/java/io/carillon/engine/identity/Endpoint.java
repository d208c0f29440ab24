package io.carillon.engine.identity;

/**
 * One device of one user within a realm: where a command comes from and where a signal goes.
 *
 * @param user whose device
 * @param device which device
 */
public record Endpoint(UserId user, DeviceId device) {}
