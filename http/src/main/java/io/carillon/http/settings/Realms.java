package io.carillon.http.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import io.carillon.engine.identity.RealmId;
import java.util.HashMap;
import java.util.Map;

/** Every realm's settings; a realm nobody configured has those of {@code carillon.calls}. */
public final class Realms {
  private final RealmSettings standard;
  private final Map<RealmId, RealmSettings> own = new HashMap<>();

  /** Reads {@code carillon.calls} and {@code carillon.realms}; throws naming a wrong key. */
  public Realms(Config root) {
    Config calls = root.getConfig("carillon.calls");
    standard = RealmSettings.from(calls);
    ConfigObject realms = root.getObject("carillon.realms");
    realms.forEach(
        (id, value) -> {
          Checks.require(
              value.valueType() == ConfigValueType.OBJECT, "realms." + id, "must be an object");
          Config override = ((ConfigObject) value).toConfig();
          own.put(new RealmId(id), RealmSettings.from(override.withFallback(calls)));
        });
  }

  /** The settings of a realm. */
  public RealmSettings of(RealmId realm) {
    return own.getOrDefault(realm, standard);
  }
}
