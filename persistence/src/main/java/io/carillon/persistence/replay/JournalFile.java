package io.carillon.persistence.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a file: one event a line, the events of a call together and in order. Each line is
 * an object with the journal's key ({@code id}, {@code seq}), the stored {@code name}, who wrote it
 * and when ({@code writer}, {@code node}, {@code written_at}), and the stored {@code event}, byte
 * for byte; what is stored but is not JSON is kept as {@code base64}. A name that ends in {@code
 * .gz} is compressed.
 */
public final class JournalFile implements JournalSource {
  private static final int LONGEST_LINE = 16 * 1024 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final Path file;

  /** Reads a file; nothing is opened yet. */
  public JournalFile(Path file) {
    this.file = file;
  }

  @Override
  public void read(Selection selection, Meter meter, CallReader reader)
      throws IOException, SQLException {
    boolean compressed = file.toString().endsWith(".gz");
    meter.expect(compressed ? 0 : Files.size(file));
    try (InputStream bytes = Files.newInputStream(file);
        InputStream plain = compressed ? new GZIPInputStream(bytes) : bytes;
        InputStream in = new BufferedInputStream(plain, 1 << 16)) {
      @Nullable String id = null;
      List<JournalEntry> entries = new ArrayList<>();
      long number = 0;
      for (byte[] line = line(in); line.length > 0; line = line(in)) {
        number++;
        Line read = parse(line, number);
        if (!read.id().equals(id)) {
          hand(id, entries, selection, reader);
          id = read.id();
          entries = new ArrayList<>();
        }
        entries.add(read.entry());
        meter.advance(line.length + 1L);
      }
      hand(id, entries, selection, reader);
    }
  }

  private static void hand(
      @Nullable String id, List<JournalEntry> entries, Selection selection, CallReader reader)
      throws IOException, SQLException {
    if (id != null) {
      CallJournal journal = new CallJournal(id, entries);
      if (selection.includes(journal)) {
        reader.take(journal);
      }
    }
  }

  /** Writes a call's events as lines of such a file. */
  public static void write(CallJournal journal, OutputStream out) throws IOException {
    boolean damaged = journal.damage().isPresent();
    for (JournalEntry entry : journal.entries()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream(entry.payload().length + 160);
      try (JsonGenerator json = JSON.createGenerator(line)) {
        json.writeStartObject();
        json.writeStringField("id", journal.persistenceId());
        json.writeNumberField("seq", entry.number());
        json.writeStringField("name", entry.manifest());
        json.writeStringField("writer", entry.writer());
        json.writeNumberField("written_at", entry.writtenAt().toEpochMilli());
        if (entry.node().isPresent()) {
          json.writeStringField("node", entry.node().get());
        }
        if (damaged && !isObject(entry.payload())) {
          json.writeBinaryField("base64", entry.payload());
        } else {
          json.writeFieldName("event");
          json.writeRawValue(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
      }
      line.write('\n');
      line.writeTo(out);
    }
  }

  private static boolean isObject(byte[] payload) {
    try (JsonParser parser = JSON.createParser(payload)) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      parser.skipChildren();
      return object && parser.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }

  /** The bytes up to the next end of a line; empty at the end of the file. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        if (line.size() > 0) {
          break;
        }
      } else if (b != '\r') {
        line.write(b);
        if (line.size() > LONGEST_LINE) {
          throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
        }
      }
    }
    return line.toByteArray();
  }

  private record Line(String id, JournalEntry entry) {}

  private static Line parse(byte[] line, long number) throws IOException {
    @Nullable String id = null;
    @Nullable String name = null;
    byte @Nullable [] payload = null;
    String writer = "";
    @Nullable String node = null;
    long seq = 0;
    long writtenAt = 0;
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("line " + number + " is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = parser.getText();
          case "seq" -> seq = parser.getLongValue();
          case "name" -> name = parser.getText();
          case "writer" -> writer = parser.getText();
          case "node" -> node = parser.getText();
          case "written_at" -> writtenAt = parser.getLongValue();
          case "base64" -> payload = parser.getBinaryValue();
          case "event" -> {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            payload =
                Arrays.copyOfRange(line, from, (int) parser.currentLocation().getByteOffset());
          }
          default -> parser.skipChildren();
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException _) {
      throw new IOException("line " + number + " is not JSON");
    }
    if (id == null || name == null || payload == null) {
      throw new IOException(
          "line " + number + " lacks id, name or event: is this an export of events as NDJSON?");
    }
    return new Line(
        id,
        new JournalEntry(
            seq,
            name,
            payload,
            writer,
            Instant.ofEpochMilli(writtenAt),
            Optional.ofNullable(node)));
  }
}
