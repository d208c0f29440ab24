package io.carillon.http.auth;

import io.carillon.engine.identity.RealmId;
import java.util.Optional;

/**
 * Somebody whose tokens are believed.
 *
 * @param name the {@code iss} of the tokens; empty: tokens without one
 * @param realm the only realm this issuer speaks for; empty: the token's {@code realm} claim says
 * @param audience what {@code aud} has to contain; empty: not asked
 * @param keys what the tokens are signed with
 */
public record Issuer(
    Optional<String> name, Optional<RealmId> realm, Optional<String> audience, KeySet keys) {}
