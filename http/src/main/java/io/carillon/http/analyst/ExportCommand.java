package io.carillon.http.analyst;

import io.carillon.http.analyst.export.CallExport;
import io.carillon.http.analyst.export.EventExport;
import io.carillon.http.analyst.export.ExportFormat;
import io.carillon.http.analyst.export.Parquet;
import io.carillon.http.analyst.export.RecordExport;
import io.carillon.persistence.replay.JournalFile;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calls export}: calls, parties or events, streamed. */
@Command(
    name = "export",
    description = {
      "Export calls, their parties or their events as CSV, NDJSON or Parquet. Events as NDJSON can be"
          + " read again by every command (--file). A name that ends in .gz is compressed."
    })
final class ExportCommand extends AnalystCommand {
  /** What is exported. */
  enum What {
    CALLS,
    PARTIES,
    EVENTS
  }

  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--what",
      defaultValue = "calls",
      description =
          "${COMPLETION-CANDIDATES}; calls unless told. Events know realm and period only.")
  private What what = What.CALLS;

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES}; what the file's name ends in unless told, else csv.")
  @Nullable
  private ExportFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file; Parquet needs one.")
  @Nullable
  private Path output;

  @Override
  int run() throws IOException, SQLException {
    Path file = output;
    ExportFormat chosen = format != null ? format : ExportFormat.ofName(file);
    try (SourceOptions.Opened opened = source.open()) {
      long written;
      if (chosen == ExportFormat.PARQUET) {
        if (file == null) {
          throw wrong("Parquet is written to a file: say --output FILE");
        }
        written = parquet(opened, file);
      } else {
        try (OutputStream out = stream(file)) {
          written = write(opened, out, chosen);
        }
      }
      if (file != null) {
        out().printf("%,d %s written to %s%n", written, what.name().toLowerCase(Locale.ROOT), file);
      }
    }
    return FINE;
  }

  private long write(SourceOptions.Opened opened, OutputStream out, ExportFormat chosen)
      throws IOException, SQLException {
    long[] written = {0};
    if (what == What.EVENTS) {
      try (Progress progress = new Progress("exporting");
          EventExport export = new EventExport(out)) {
        opened
            .journal()
            .read(
                filter.scope.selection(),
                progress,
                journal -> {
                  if (chosen == ExportFormat.NDJSON) {
                    JournalFile.write(journal, out);
                  } else {
                    export.csv(journal);
                  }
                  written[0] += journal.entries().size();
                });
      }
      return written[0];
    }
    try (RecordExport export =
        what == What.CALLS ? CallExport.calls(chosen, out) : CallExport.parties(chosen, out)) {
      new CallReader(opened)
          .read(
              filter.filter(Optional.empty()),
              "exporting",
              call -> written[0] += export.write(call));
    }
    return written[0];
  }

  private long parquet(SourceOptions.Opened opened, Path file) throws IOException, SQLException {
    Path csv = Files.createTempFile("carillon-export", ".csv");
    try {
      long written;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(csv), 1 << 16)) {
        written = write(opened, out, ExportFormat.CSV);
      }
      Parquet.convert(
          csv,
          switch (what) {
            case CALLS -> CallExport.CALL_COLUMNS;
            case PARTIES -> CallExport.PARTY_COLUMNS;
            case EVENTS -> EventExport.COLUMNS;
          },
          file);
      return written;
    } finally {
      Files.deleteIfExists(csv);
    }
  }

  private static OutputStream stream(@Nullable Path file) throws IOException {
    if (file == null) {
      // The end of the export is not the end of the standard output.
      return new FilterOutputStream(new BufferedOutputStream(System.out, 1 << 16)) {
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
          flush();
        }
      };
    }
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    return file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes, 1 << 16) : bytes;
  }
}
