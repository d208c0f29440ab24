package io.carillon.http.rest;

import io.carillon.http.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The pages behind a problem's {@code type}: what each error means and what to do. */
final class ErrorPages {
  private ErrorPages() {}

  /** The page of one error, as HTML to browsers and as text to others; empty for no such error. */
  static Optional<HttpResponse> page(String code, boolean html) {
    return ErrorCode.find(code).map(error -> html ? html(error) : text(error));
  }

  /** The page that lists all errors. */
  static HttpResponse index(boolean html) {
    StringBuilder page = new StringBuilder(4096);
    if (html) {
      page.append(HEAD).append("<h1>Errors</h1><ul>");
      for (ErrorCode error : ErrorCode.values()) {
        page.append("<li><a href=\"/errors/").append(error.code()).append("\">");
        page.append(error.code()).append("</a>: ").append(escaped(error.title())).append("</li>");
      }
      page.append("</ul>").append(FOOT);
      return response(page, true);
    }
    for (ErrorCode error : ErrorCode.values()) {
      page.append(error.status()).append(' ').append(error.code()).append(": ");
      page.append(error.title()).append('\n');
    }
    return response(page, false);
  }

  private static final String HEAD =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Carillon</title>";
  private static final String FOOT = "</html>\n";

  private static HttpResponse html(ErrorCode error) {
    StringBuilder page = new StringBuilder(1024).append(HEAD);
    page.append("<h1>").append(error.code()).append("</h1><p>");
    page.append(error.status()).append(". ").append(escaped(error.title())).append(".</p><p>");
    page.append(escaped(error.advice())).append("</p><p>").append(retry(error)).append("</p>");
    page.append("<p><a href=\"/errors\">All errors</a></p>").append(FOOT);
    return response(page, true);
  }

  private static HttpResponse text(ErrorCode error) {
    StringBuilder page = new StringBuilder(512);
    page.append(error.code()).append(" (").append(error.status()).append(")\n");
    page.append(error.title()).append(".\n\n").append(error.advice()).append("\n\n");
    page.append(retry(error)).append('\n');
    return response(page, false);
  }

  private static String retry(ErrorCode error) {
    return error.retryable()
        ? "The same request may succeed later."
        : "The same request will not succeed unless something else changes.";
  }

  private static HttpResponse response(StringBuilder page, boolean html) {
    return Responses.text(
        200,
        html ? ContentTypes.TEXT_HTML_UTF8 : ContentTypes.TEXT_PLAIN_UTF8,
        page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
