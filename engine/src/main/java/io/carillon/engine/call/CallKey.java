package io.carillon.engine.call;

import io.carillon.engine.identity.RealmId;

/**
 * A call in the whole system. Every stored or routed key begins with the realm, so that a call of
 * another realm cannot be addressed at all (R70).
 *
 * @param realm the realm of the caller, and so of everyone in the call
 * @param call the call's id in that realm
 */
public record CallKey(RealmId realm, CallId call) {}
