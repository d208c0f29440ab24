package io.carillon.http.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** The static files on the class path: the demo page and the client library. */
final class WebFiles {
  /** Plain names only: nothing that climbs out of the directory, nothing hidden. */
  private static final Pattern PLAIN =
      Pattern.compile("([a-zA-Z0-9_-]+/)*[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*");

  private static final Map<String, ContentType> TYPES =
      Map.of(
          "html",
          ContentTypes.TEXT_HTML_UTF8,
          "js",
          ContentTypes.create(
              MediaTypes.APPLICATION_JAVASCRIPT,
              org.apache.pekko.http.javadsl.model.HttpCharsets.UTF_8),
          "css",
          ContentTypes.create(
              MediaTypes.TEXT_CSS, org.apache.pekko.http.javadsl.model.HttpCharsets.UTF_8),
          "json",
          ContentTypes.APPLICATION_JSON,
          "svg",
          MediaTypes.IMAGE_SVG_XML.toContentType(),
          "png",
          MediaTypes.IMAGE_PNG.toContentType(),
          "map",
          ContentTypes.APPLICATION_JSON,
          "txt",
          ContentTypes.TEXT_PLAIN_UTF8);

  private static final String DEMO = "demo";

  /** Stands in for the demo in a build that was made without npm. */
  private static final String NO_DEMO = "pages/no-demo.html";

  private final Map<String, Optional<byte[]>> files = new ConcurrentHashMap<>();
  private final String root;

  WebFiles() {
    this("web/");
  }

  /**
   * @param root where on the class path the files are; ends in a slash
   */
  WebFiles(String root) {
    this.root = root;
  }

  /** The file behind a path, where there is one; a directory's is its {@code index.html}. */
  Optional<HttpResponse> find(List<String> segments, boolean directory) {
    String path = String.join("/", segments);
    if (path.isEmpty() || !PLAIN.matcher(path).matches()) {
      return Optional.empty();
    }
    if (directory) {
      return file(path + "/index.html").or(() -> path.equals(DEMO) ? noDemo() : Optional.empty());
    }
    if (TYPES.containsKey(suffix(path))) {
      return file(path);
    }
    // The page's own links are relative to the directory.
    return path.equals(DEMO) || bytes(root + path + "/index.html").isPresent()
        ? Optional.of(
            HttpResponse.create()
                .withStatus(StatusCodes.PERMANENT_REDIRECT)
                .addHeader(Responses.header("Location", "/" + path + "/")))
        : Optional.empty();
  }

  private Optional<HttpResponse> file(String path) {
    ContentType type = TYPES.get(suffix(path));
    return type == null
        ? Optional.empty()
        : bytes(root + path).map(bytes -> answer(StatusCodes.OK, type, bytes));
  }

  private Optional<HttpResponse> noDemo() {
    return bytes(NO_DEMO)
        .map(bytes -> answer(StatusCodes.NOT_FOUND, ContentTypes.TEXT_HTML_UTF8, bytes));
  }

  private static HttpResponse answer(StatusCode status, ContentType type, byte[] bytes) {
    return Responses.text(status.intValue(), type, bytes)
        .addHeaders(
            List.of(
                Responses.header("Cache-Control", "no-cache"),
                Responses.header("Content-Security-Policy", POLICY)));
  }

  private static String suffix(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * What stands on the class path. Only that is remembered: invented paths must not fill the
   * memory.
   */
  private Optional<byte[]> bytes(String path) {
    Optional<byte[]> known = files.getOrDefault(path, Optional.empty());
    if (known.isPresent()) {
      return known;
    }
    Optional<byte[]> read = read(path);
    if (read.isPresent()) {
      files.putIfAbsent(path, read);
    }
    return read;
  }

  /** Only what comes from here runs, and it talks only to here. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " media-src 'self' blob: mediastream:; connect-src 'self'; font-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static Optional<byte[]> read(String path) {
    try (InputStream in = WebFiles.class.getClassLoader().getResourceAsStream(path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
