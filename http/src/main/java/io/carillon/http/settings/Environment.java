package io.carillon.http.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Settings from the environment: every key under {@code carillon} has a variable that wins over the
 * operator's file. Its name is the key in capitals, with an underscore for each dot and dash:
 * {@code carillon.http.drain-spread} is {@code CARILLON_HTTP_DRAIN_SPREAD}.
 */
public final class Environment {
  private Environment() {}

  /** The operator's file with the environment in front of it. */
  public static Config overFile() {
    return over(ConfigFactory.defaultApplication(), System.getenv());
  }

  /**
   * A configuration with these variables in front of it; a list's items are separated by commas, or
   * stand in brackets as in the file.
   */
  static Config over(Config application, Map<String, String> variables) {
    Map<String, Object> given = new HashMap<>();
    for (Map.Entry<String, ConfigValue> known : known().entrySet()) {
      String value = variables.get(variable(known.getKey()));
      if (value != null) {
        boolean list = known.getValue().valueType() == ConfigValueType.LIST;
        given.put(known.getKey(), list ? items(value) : value);
      }
    }
    return ConfigFactory.parseMap(given, "environment").withFallback(application);
  }

  /** Every key there is, with its default. */
  public static Map<String, ConfigValue> known() {
    Map<String, ConfigValue> known = new HashMap<>();
    ConfigFactory.defaultReference()
        .getConfig("carillon")
        .entrySet()
        .forEach(entry -> known.put("carillon." + entry.getKey(), entry.getValue()));
    return known;
  }

  /** The variable of a key. */
  public static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Object items(String value) {
    if (value.strip().startsWith("[")) {
      return ConfigFactory.parseString("list = " + value).getValue("list").unwrapped();
    }
    return value.isBlank() ? List.of() : List.of(value.strip().split("\\s*,\\s*", -1));
  }
}
