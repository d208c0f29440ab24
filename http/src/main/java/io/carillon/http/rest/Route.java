package io.carillon.http.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One entry of the table of routes.
 *
 * @param method GET, POST, PUT or DELETE
 * @param pattern a path; a segment in braces takes any one segment
 * @param segments the pattern's, split once: every request is compared with every route
 * @param access who may ask
 * @param handler what answers
 */
record Route(String method, String pattern, List<String> segments, Access access, Handler handler) {

  Route(String method, String pattern, Access access, Handler handler) {
    this(method, pattern, List.copyOf(split(pattern)), access, handler);
  }

  /** Who may ask. */
  enum Access {
    /** Whoever can reach the port. */
    ANYONE,
    /** Somebody with a good credential. */
    KNOWN
  }

  /** What answers a request; its stage may fail with {@link Refusal}. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Exchange exchange);
  }

  /** The segments in braces, if the path is one of this route's. */
  Optional<List<String>> match(List<String> path) {
    if (segments.size() != path.size()) {
      return Optional.empty();
    }
    List<String> taken = new ArrayList<>(2);
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).startsWith("{")) {
        taken.add(path.get(i));
      } else if (!segments.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(taken);
  }

  /** How many segments are spelled out: the route with more of them wins. */
  int literal() {
    return (int) segments.stream().filter(s -> !s.startsWith("{")).count();
  }

  /** A path's segments; slashes at its ends or repeated do not count. */
  static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
