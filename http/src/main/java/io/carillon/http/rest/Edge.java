package io.carillon.http.rest;

import io.carillon.engine.call.CallRecords.RecordsUnavailable;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.OriginPolicy;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Verdict;
import io.carillon.http.metrics.EdgeMetrics;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.settings.Realms;
import io.carillon.http.websocket.SocketRoute;
import io.carillon.http.websocket.Sockets;
import io.carillon.persistence.database.DatabaseUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every request: names it, finds its route, asks who it is, reads its body, and turns
 * whatever goes wrong into a problem.
 */
public final class Edge {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String SOCKET = "/api/v1/socket";
  private static final String EVENTS = "/api/v1/events";

  private final List<Route> routes;
  private final SocketRoute sockets;
  private final WebFiles files = new WebFiles();
  private final Authenticator authenticator;
  private final OriginPolicy origins;
  private final Realms realms;
  private final Bodies bodies;
  private final Responses responses;
  private final EdgeMetrics metrics;
  private final Sockets node;
  private final Materializer materializer;

  Edge(
      List<Route> routes,
      SocketRoute sockets,
      Authenticator authenticator,
      OriginPolicy origins,
      Realms realms,
      Bodies bodies,
      Responses responses,
      EdgeMetrics metrics,
      Sockets node,
      Materializer materializer) {
    List<Route> sorted = new ArrayList<>(routes);
    // "/calls/active" before "/calls/{call_id}".
    sorted.sort(Comparator.comparingInt(Route::literal).reversed());
    this.routes = List.copyOf(sorted);
    this.sockets = sockets;
    this.authenticator = authenticator;
    this.origins = origins;
    this.realms = realms;
    this.bodies = bodies;
    this.responses = responses;
    this.metrics = metrics;
    this.node = node;
    this.materializer = materializer;
  }

  /** Answers one request; never fails. */
  public CompletionStage<HttpResponse> handle(HttpRequest request) {
    String requestId =
        request
            .getHeader("X-Request-Id")
            .map(HttpHeader::value)
            .filter(id -> REQUEST_ID.matcher(id).matches())
            .orElseGet(() -> UUID.randomUUID().toString());
    String host = request.getHeader("Host").map(HttpHeader::value).orElse("localhost");
    Optional<String> origin = request.getHeader("Origin").map(HttpHeader::value);
    boolean admitted = origins.admits(origin, host);
    CompletionStage<HttpResponse> response;
    try {
      response =
          node.mayServe()
              ? answer(request, requestId, host, origin, admitted)
              : CompletableFuture.failedFuture(
                  discarded(
                      request, new Refusal(Problem.retry(ErrorCode.UNAVAILABLE, RETRY_AFTER))));
    } catch (RuntimeException failure) {
      response = CompletableFuture.completedFuture(failed(failure, request, requestId));
    }
    return response
        .exceptionally(failure -> failed(failure, request, requestId))
        .thenApply(
            answer -> answer.addHeaders(headers(requestId, admitted ? origin : Optional.empty())));
  }

  private List<HttpHeader> headers(String requestId, Optional<String> origin) {
    List<HttpHeader> headers = new ArrayList<>(7);
    if (node.isDraining()) {
      // The client's next request is to take another connection, and so another node.
      headers.add(Connection.create("close"));
    }
    headers.add(Responses.header("X-Request-Id", requestId));
    headers.add(Responses.header("X-Content-Type-Options", "nosniff"));
    headers.add(Responses.header("Referrer-Policy", "no-referrer"));
    if (origin.isPresent()) {
      headers.add(Responses.header("Access-Control-Allow-Origin", origin.get()));
      headers.add(
          Responses.header(
              "Access-Control-Expose-Headers",
              "Idempotent-Replayed, Location, Retry-After, X-Request-Id"));
      headers.add(Responses.header("Vary", "Origin"));
    }
    return headers;
  }

  private CompletionStage<HttpResponse> answer(
      HttpRequest request,
      String requestId,
      String host,
      Optional<String> origin,
      boolean admitted) {
    List<String> segments = new ArrayList<>();
    request.getUri().pathSegments().forEach(s -> segments.addAll(Route.split(s)));
    String method = request.method().name();
    if (method.equals("OPTIONS") && origin.isPresent()) {
      request.discardEntityBytes(materializer);
      return CompletableFuture.completedFuture(preflight(admitted));
    }
    boolean socket = segments.equals(Route.split(SOCKET));
    if (method.equals("GET") && (socket || segments.equals(Route.split(EVENTS)))) {
      return (socket ? sockets.open(request, host) : sockets.stream(request, host))
          .thenApply(
              answer ->
                  switch (answer) {
                    case SocketRoute.Answer.Switched(HttpResponse switched) -> switched;
                    case SocketRoute.Answer.Declined(Problem problem) -> throw new Refusal(problem);
                  });
    }
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<List<String>> taken = route.match(segments);
      if (taken.isPresent()) {
        if (route.method().equals(method)) {
          return routed(route, taken.get(), request, requestId, host);
        }
        allowed.add(route.method());
      }
    }
    request.discardEntityBytes(materializer);
    if (!allowed.isEmpty()) {
      return CompletableFuture.completedFuture(
          problem(Problem.of(ErrorCode.METHOD_NOT_ALLOWED), requestId)
              .addHeader(Responses.header("Allow", String.join(", ", allowed))));
    }
    Optional<HttpResponse> file =
        method.equals("GET")
            ? files.find(segments, request.getUri().getPathString().endsWith("/"))
            : Optional.empty();
    return CompletableFuture.completedFuture(
        file.orElseGet(() -> problem(Problem.of(ErrorCode.NOT_FOUND), requestId)));
  }

  private static HttpResponse preflight(boolean admitted) {
    HttpResponse response = HttpResponse.create().withStatus(admitted ? 204 : 403);
    return admitted
        ? response.addHeaders(
            List.of(
                Responses.header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
                Responses.header(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id"),
                Responses.header("Access-Control-Max-Age", "600")))
        : response;
  }

  private CompletionStage<HttpResponse> routed(
      Route route, List<String> path, HttpRequest request, String requestId, String host) {
    long since = System.nanoTime();
    return asker(route, request)
        .thenCompose(
            asker ->
                bodies
                    .read(request)
                    .thenCompose(
                        body ->
                            route
                                .handler()
                                .handle(new Exchange(request, path, body, asker, requestId, host)))
                    .exceptionally(
                        failure -> failed(failure, request, requestId, asker.map(this::reader))))
        .exceptionally(failure -> failed(failure, request, requestId))
        .thenApply(
            response -> {
              Duration took = Duration.ofNanos(System.nanoTime() - since);
              metrics.requested(route.pattern(), response.status().intValue(), took);
              return response;
            });
  }

  private CompletionStage<Optional<Principal>> asker(Route route, HttpRequest request) {
    if (route.access() == Route.Access.ANYONE) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Optional<String> header = request.getHeader("Authorization").map(HttpHeader::value);
    if (header.isEmpty()) {
      throw discarded(request, new Refusal(ErrorCode.UNAUTHENTICATED));
    }
    return authenticator
        .authorization(header.get())
        .thenApply(
            verdict ->
                switch (verdict) {
                  case Verdict.Known(Principal principal) -> Optional.of(principal);
                  case Verdict.Refused _ ->
                      throw discarded(request, new Refusal(ErrorCode.UNAUTHENTICATED));
                  case Verdict.Expired _ ->
                      throw discarded(request, new Refusal(ErrorCode.TOKEN_EXPIRED));
                  case Verdict.Undecided _ ->
                      throw discarded(
                          request, new Refusal(Problem.retry(ErrorCode.UNAVAILABLE, RETRY_AFTER)));
                });
  }

  /** A body nobody reads would hold up the connection. */
  private Refusal discarded(HttpRequest request, Refusal refusal) {
    request.discardEntityBytes(materializer);
    return refusal;
  }

  private Reader reader(Principal principal) {
    return new Reader(principal.user().user(), realms.of(principal.user().realm()).integerIds());
  }

  private HttpResponse failed(Throwable failure, HttpRequest request, String requestId) {
    return failed(failure, request, requestId, Optional.empty());
  }

  private HttpResponse failed(
      Throwable failure, HttpRequest request, String requestId, Optional<Reader> reader) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Problem problem =
        switch (cause) {
          case Refusal refusal -> refusal.problem();
          case RecordsUnavailable _, DatabaseUnavailableException _ ->
              // A write whose answer did not come may have been done.
              Problem.unavailable(!request.method().name().equals("GET"), RETRY_AFTER);
          default -> {
            // The path without its query: a ticket may be in it.
            LOG.error(
                "request {} failed: {} {}",
                requestId,
                request.method().name(),
                request.getUri().getPathString(),
                cause);
            yield Problem.of(ErrorCode.INTERNAL_ERROR);
          }
        };
    return responses.problem(problem, requestId, reader.orElse(NOBODY));
  }

  private static final Reader NOBODY = new Reader(new UserId("nobody"), false);

  private HttpResponse problem(Problem problem, String requestId) {
    return responses.problem(problem, requestId, NOBODY);
  }
}
