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

/** The static files on the class path under {@code web/}: the demo page and the client library. */
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

  private final Map<String, Optional<byte[]>> files = new ConcurrentHashMap<>();

  /** The file behind a path, where there is one; a directory's is its {@code index.html}. */
  Optional<HttpResponse> find(List<String> segments, boolean directory) {
    String path = String.join("/", segments);
    if (path.isEmpty() || !PLAIN.matcher(path).matches()) {
      return Optional.empty();
    }
    if (directory || TYPES.keySet().stream().noneMatch(type -> path.endsWith("." + type))) {
      return file(path + "/index.html");
    }
    return file(path);
  }

  private Optional<HttpResponse> file(String path) {
    String suffix = path.substring(path.lastIndexOf('.') + 1);
    ContentType type = TYPES.get(suffix);
    if (type == null) {
      return Optional.empty();
    }
    // Only what exists is remembered: invented paths must not fill the memory.
    Optional<byte[]> known = files.getOrDefault(path, Optional.empty());
    Optional<byte[]> bytes = known.isPresent() ? known : read(path);
    return bytes.map(
        b -> {
          files.putIfAbsent(path, bytes);
          return Responses.text(200, type, b)
              .addHeaders(
                  List.of(
                      Responses.header("Cache-Control", "no-cache"),
                      Responses.header("Content-Security-Policy", POLICY)));
        });
  }

  /** Only what comes from here runs, and it talks only to here. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " media-src 'self' blob: mediastream:; connect-src 'self'; font-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static Optional<byte[]> read(String path) {
    try (InputStream in = WebFiles.class.getClassLoader().getResourceAsStream("web/" + path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
