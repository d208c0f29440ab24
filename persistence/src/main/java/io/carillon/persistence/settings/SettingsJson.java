package io.carillon.persistence.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.UserSettings;
import io.carillon.engine.session.UserSettings.CallWaiting;
import io.carillon.engine.session.UserSettings.DoNotDisturb;
import io.carillon.engine.session.UserSettings.Schedule;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings as JSON, the same in the database and on the wire:
 *
 * <pre>
 * {"call_waiting": "ring",
 *  "dnd": {"level": "none", "disabled_until": "2026-01-01T08:00:00Z",
 *          "schedule": {"zone": "Europe/Berlin", "days": ["monday"], "from": "22:00", "to": "07:00"},
 *          "breakthrough": ["boss"], "let_repeated_through": false}}
 * </pre>
 */
public final class SettingsJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The most users who may break through. */
  static final int MAX_BREAKTHROUGH = 100;

  private SettingsJson() {}

  /** Something in the settings that cannot be. */
  public static final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String pointer;

    InvalidSettingsException(String pointer, String detail) {
      super(detail);
      this.pointer = pointer;
    }

    /** Where it is, as a JSON pointer. */
    public String pointer() {
      return pointer;
    }
  }

  /** Writes call waiting and quiet hours; blocks are kept and shown apart. */
  public static ObjectNode write(UserSettings settings) {
    return write(settings.callWaiting(), settings.dnd());
  }

  static ObjectNode write(CallWaiting callWaiting, DoNotDisturb dnd) {
    ObjectNode root = JSON.createObjectNode();
    root.put("call_waiting", word(callWaiting));
    ObjectNode quiet = root.putObject("dnd");
    quiet.put("level", word(dnd.level()));
    dnd.disabledUntil().ifPresent(until -> quiet.put("disabled_until", until.toString()));
    dnd.schedule()
        .ifPresent(
            schedule -> {
              ObjectNode node = quiet.putObject("schedule");
              node.put("zone", schedule.zone().getId());
              ArrayNode days = node.putArray("days");
              EnumSet.copyOf(schedule.days()).forEach(day -> days.add(word(day)));
              node.put("from", schedule.from().toString());
              node.put("to", schedule.to().toString());
            });
    ArrayNode breakthrough = quiet.putArray("breakthrough");
    dnd.breakthrough().stream().map(UserId::value).sorted().forEach(breakthrough::add);
    quiet.put("let_repeated_through", dnd.letRepeatedThrough());
    return root;
  }

  /**
   * Reads what {@link #write} wrote, or a client sent; what is absent stays as in {@code before}.
   *
   * @throws InvalidSettingsException with the place and the reason
   */
  public static UserSettings read(JsonNode root, UserSettings before) {
    CallWaiting waiting =
        root.has("call_waiting")
            ? word("/call_waiting", root.get("call_waiting"), CallWaiting.class)
            : before.callWaiting();
    DoNotDisturb dnd = root.has("dnd") ? dnd(root.get("dnd")) : before.dnd();
    return new UserSettings(waiting, dnd, before.blocked());
  }

  private static DoNotDisturb dnd(JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidSettingsException("/dnd", "must be an object");
    }
    return new DoNotDisturb(
        node.has("level")
            ? word("/dnd/level", node.get("level"), DoNotDisturb.Level.class)
            : DoNotDisturb.Level.NONE,
        present(node.get("disabled_until")).map(SettingsJson::until),
        present(node.get("schedule")).map(SettingsJson::schedule),
        breakthrough(node.path("breakthrough")),
        node.path("let_repeated_through").asBoolean(false));
  }

  private static Instant until(JsonNode node) {
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeException e) {
      throw new InvalidSettingsException(
          "/dnd/disabled_until", "must be an RFC 3339 time in UTC, such as 2026-01-01T08:00:00Z");
    }
  }

  private static Schedule schedule(JsonNode node) {
    try {
      Set<DayOfWeek> days = new LinkedHashSet<>();
      for (JsonNode day : node.path("days")) {
        days.add(word("/dnd/schedule/days", day, DayOfWeek.class));
      }
      if (days.isEmpty()) {
        throw new InvalidSettingsException("/dnd/schedule/days", "name at least one day");
      }
      return new Schedule(
          ZoneId.of(node.path("zone").asText("UTC")),
          days,
          LocalTime.parse(node.path("from").asText()),
          LocalTime.parse(node.path("to").asText()));
    } catch (DateTimeException e) {
      throw new InvalidSettingsException(
          "/dnd/schedule", "needs zone (such as Europe/Berlin), days, from and to (such as 22:00)");
    }
  }

  private static Set<UserId> breakthrough(JsonNode node) {
    Set<UserId> users = new LinkedHashSet<>();
    for (JsonNode user : node) {
      if (!Ids.isWellFormed(user.asText()) || users.size() >= MAX_BREAKTHROUGH) {
        throw new InvalidSettingsException(
            "/dnd/breakthrough", "must be at most " + MAX_BREAKTHROUGH + " user ids");
      }
      users.add(new UserId(user.asText()));
    }
    return users;
  }

  private static Optional<JsonNode> present(@Nullable JsonNode node) {
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E word(String pointer, JsonNode node, Class<E> type) {
    for (E value : type.getEnumConstants()) {
      if (word(value).equals(node.asText())) {
        return value;
      }
    }
    throw new InvalidSettingsException(pointer, "is not one of the words this field knows");
  }
}
