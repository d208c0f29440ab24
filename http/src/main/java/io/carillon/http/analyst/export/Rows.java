package io.carillon.http.analyst.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows of columns as CSV or as one JSON object a line. */
abstract sealed class Rows<T> implements Closeable {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  final List<Column<T>> columns;

  private Rows(List<Column<T>> columns) {
    this.columns = columns;
  }

  abstract void write(T row) throws IOException;

  static <T> Rows<T> of(ExportFormat format, List<Column<T>> columns, OutputStream out)
      throws IOException {
    return switch (format) {
      case CSV, PARQUET -> new Csv<>(columns, out);
      case NDJSON -> new Lines<>(columns, out);
    };
  }

  private static final class Csv<T> extends Rows<T> {
    private final CsvWriter csv;

    Csv(List<Column<T>> columns, OutputStream out) {
      super(columns);
      Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
      csv = CsvWriter.builder().build(text);
      csv.writeRecord(columns.stream().map(Column::name).toList());
    }

    @Override
    void write(T row) {
      var line = csv.writeRecord();
      for (Column<T> column : columns) {
        line.writeField(text(column.value().apply(row)));
      }
      line.endRecord();
    }

    private static @Nullable String text(@Nullable Object value) {
      return value instanceof Instant moment
          ? MOMENT.format(moment)
          : value == null ? null : value.toString();
    }

    @Override
    public void close() throws IOException {
      csv.close();
    }
  }

  private static final class Lines<T> extends Rows<T> {
    private final JsonGenerator json;

    Lines(List<Column<T>> columns, OutputStream out) throws IOException {
      super(columns);
      json = new JsonFactory().createGenerator(out);
      json.setRootValueSeparator(null);
    }

    @Override
    void write(T row) throws IOException {
      json.writeStartObject();
      for (Column<T> column : columns) {
        Object value = column.value().apply(row);
        json.writeFieldName(column.name());
        switch (value) {
          case null -> json.writeNull();
          case Instant moment -> json.writeString(MOMENT.format(moment));
          case Long number -> json.writeNumber(number);
          case Boolean flag -> json.writeBoolean(flag);
          default -> {
            if (column.type() == Column.Type.JSON) {
              json.writeRawValue(value.toString());
            } else {
              json.writeString(value.toString());
            }
          }
        }
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }
}
