package io.carillon.http.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report as one page that needs nothing else. */
final class HtmlReport {
  private HtmlReport() {}

  static void write(Report report, Path file) throws IOException {
    Files.writeString(file, TableReport.of(report));
  }
}
