package io.carillon.persistence.directory;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Tickets: a credential for one use within half a minute, on whichever node, for places that cannot
 * send a header.
 */
public final class Tickets {
  /** How long a ticket is good, by the database's clock. */
  public static final Duration LIFETIME = Duration.ofSeconds(30);

  /** Takes those along that nobody used; there are never more than half a minute's worth. */
  private static final String ISSUE =
      """
      WITH expired AS (DELETE FROM ticket WHERE expires_at < clock_timestamp())
      INSERT INTO ticket (hash, realm, user_id, device_id, attributes, expires_at)
      VALUES (?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')""";

  /** Of two who show the same ticket at once, one gets the row. */
  private static final String REDEEM =
      """
      DELETE FROM ticket WHERE hash = ?
      RETURNING realm, user_id, device_id, attributes, expires_at > clock_timestamp() AS good""";

  private final Database database;

  /**
   * What a ticket stood for.
   *
   * @param user whose it is
   * @param device the one it is bound to, if any
   * @param attributes what the issuer wanted to know again
   */
  public record Redeemed(UserKey user, Optional<DeviceId> device, String attributes) {}

  /** Reads and writes a database. */
  public Tickets(Database database) {
    this.database = database;
  }

  /**
   * Makes a ticket and returns its text, which is not stored.
   *
   * @param attributes kept with it, opaque: what else the holder's credential said
   */
  public CompletionStage<String> issue(UserKey user, Optional<DeviceId> device, String attributes) {
    String text = Secrets.secret();
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(ISSUE)) {
                statement.setBytes(1, Secrets.digest(text));
                statement.setString(2, user.realm().value());
                statement.setString(3, user.user().value());
                if (device.isPresent()) {
                  statement.setString(4, device.get().value());
                } else {
                  statement.setNull(4, Types.VARCHAR);
                }
                statement.setString(5, attributes);
                statement.setLong(6, LIFETIME.toMillis());
                return statement.executeUpdate();
              }
            })
        .thenApply(_ -> text);
  }

  /** Uses a ticket up; empty where it was never issued, is used already, or is too old. */
  public CompletionStage<Optional<Redeemed>> redeem(String text) {
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(REDEEM)) {
            statement.setBytes(1, Secrets.digest(text));
            try (ResultSet row = statement.executeQuery()) {
              if (!row.next() || !row.getBoolean("good")) {
                return Optional.empty();
              }
              return Optional.of(
                  new Redeemed(
                      new UserKey(
                          new RealmId(row.getString("realm")),
                          new UserId(row.getString("user_id"))),
                      Optional.ofNullable(row.getString("device_id")).map(DeviceId::new),
                      row.getString("attributes")));
            }
          }
        });
  }
}
