package io.carillon.http.analyst.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How it is written. */
public enum ExportFormat {
  CSV,
  NDJSON,
  PARQUET;

  /** The format a file's name promises; CSV where it promises nothing. */
  public static ExportFormat ofName(@Nullable Path file) {
    String name = file == null ? "" : file.getFileName().toString().replaceAll("\\.gz$", "");
    if (name.endsWith(".parquet")) {
      return PARQUET;
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") ? NDJSON : CSV;
  }
}
