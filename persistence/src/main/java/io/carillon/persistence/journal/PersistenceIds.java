package io.carillon.persistence.journal;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.RealmId;
import java.util.Optional;

/** The journal's key of a call: {@code call|<realm>|<call id>}. No id contains the bar. */
public final class PersistenceIds {
  private static final String PREFIX = "call|";

  private PersistenceIds() {}

  /** The key of a call. */
  public static String of(CallKey key) {
    return PREFIX + key.realm().value() + '|' + key.call().value();
  }

  /** The call a key belongs to; empty if it is not a call's. */
  public static Optional<CallKey> parse(String persistenceId) {
    int bar = persistenceId.indexOf('|', PREFIX.length());
    return persistenceId.startsWith(PREFIX) && bar > 0
        ? Optional.of(
            new CallKey(
                new RealmId(persistenceId.substring(PREFIX.length(), bar)),
                new CallId(persistenceId.substring(bar + 1))))
        : Optional.empty();
  }
}
