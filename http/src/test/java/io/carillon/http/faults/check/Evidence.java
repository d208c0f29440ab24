package io.carillon.http.faults.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.http.faults.record.Item;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Everything there is to judge by.
 *
 * @param items the record, in its order
 * @param journal every stored event, by call and then by number
 * @param calls every call's row
 * @param deadlines how many calls wait for a deadline
 * @param reads each call as REST shows it to its caller in the end; with its realm beside it
 * @param logs lines of the nodes' logs
 * @param stored rows of any table, as texts, in which somebody stands who was erased
 * @param began the record's beginning, in milliseconds of the epoch
 */
public record Evidence(
    List<Item> items,
    List<JournalRow> journal,
    List<CallRow> calls,
    int deadlines,
    List<Read> reads,
    List<String> logs,
    List<String> stored,
    long began) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String JOURNAL =
      """
      SELECT split_part(persistence_id, '|', 2), split_part(persistence_id, '|', 3),
        sequence_number, writer, event_ser_manifest, event_payload
      FROM event_journal ORDER BY persistence_id, sequence_number""";

  private static final String CALLS =
      """
      SELECT realm, call_id, state::text, coalesce(reason, ''), caller,
        (coalesce(extract(epoch FROM ringing_at), 0) * 1000)::bigint,
        (coalesce(extract(epoch FROM answered_at), 0) * 1000)::bigint,
        (coalesce(extract(epoch FROM connected_at), 0) * 1000)::bigint,
        (coalesce(extract(epoch FROM ended_at), 0) * 1000)::bigint, seq
      FROM call ORDER BY realm, call_id""";

  private static final String COLUMNS =
      """
      SELECT quote_ident(c.table_name), string_agg(CASE c.data_type
          WHEN 'bytea' THEN 'encode(' || quote_ident(c.column_name) || ', ''escape'')'
          ELSE quote_ident(c.column_name) || '::text' END, ', ')
      FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1""";

  /**
   * A call object that REST gave out.
   *
   * @param from {@code call} or {@code history}
   */
  public record Read(String realm, String reader, String from, JsonNode call) {}

  /** The journal by call, each call's events in order. */
  public Map<String, List<JournalRow>> byCall() {
    Map<String, List<JournalRow>> calls = new LinkedHashMap<>();
    for (JournalRow row : journal) {
      calls.computeIfAbsent(row.call(), _ -> new ArrayList<>()).add(row);
    }
    return calls;
  }

  /** Who was erased, as {@code realm|user}, and the pseudonym in each one's place. */
  public Map<String, String> erased() {
    Map<String, String> erased = new LinkedHashMap<>();
    for (Item item : items) {
      if (item instanceof Item.Erased e) {
        erased.put(e.realm() + "|" + e.user(), e.pseudonym());
      }
    }
    return erased;
  }

  /** A moment of the record in milliseconds of the epoch. */
  public long millis(long at) {
    return began + at / 1000;
  }

  /** Reads the journal. */
  public static List<JournalRow> journal(DataSource database) {
    List<JournalRow> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(JOURNAL)) {
      while (result.next()) {
        String manifest = result.getString(5);
        rows.add(
            new JournalRow(
                result.getString(1),
                result.getString(2),
                result.getLong(3),
                result.getString(4),
                manifest.replaceFirst("^call\\.", "").replaceFirst("\\.v\\d+$", ""),
                parse(result.getBytes(6))));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads the calls' rows. */
  public static List<CallRow> calls(DataSource database) {
    List<CallRow> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(CALLS)) {
      while (result.next()) {
        rows.add(
            new CallRow(
                result.getString(1),
                result.getString(2),
                result.getString(3),
                result.getString(4),
                result.getString(5),
                result.getLong(6),
                result.getLong(7),
                result.getLong(8),
                result.getLong(9),
                result.getLong(10)));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every row of every table in which a text stands, whatever the column. */
  public static List<String> rowsWith(DataSource database, String text) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> table : tables(statement).entrySet()) {
        String sql =
            "SELECT * FROM (SELECT concat_ws(' ', %s) AS row FROM %s) t WHERE strpos(row, '%s') > 0"
                .formatted(table.getValue(), table.getKey(), text);
        try (ResultSet result = statement.executeQuery(sql)) {
          while (result.next()) {
            rows.add(table.getKey() + ": " + result.getString(1));
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each table with its columns as texts. */
  private static Map<String, String> tables(Statement statement) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    try (ResultSet result = statement.executeQuery(COLUMNS)) {
      while (result.next()) {
        tables.put(result.getString(1), result.getString(2));
      }
    }
    return tables;
  }

  private static JsonNode parse(byte[] payload) {
    try {
      return JSON.readTree(new String(payload, StandardCharsets.UTF_8));
    } catch (JsonProcessingException unreadable) {
      return JSON.createObjectNode(); // put there as a fault; its type is judged
    }
  }
}
