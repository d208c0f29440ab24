package io.carillon.http.websocket;

import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Ids;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.OriginPolicy;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.auth.Verdict;
import io.carillon.http.command.CallDesk;
import io.carillon.http.directory.NameCache;
import io.carillon.http.metrics.EdgeMetrics;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.protocol.Problem;
import io.carillon.http.settings.Realms;
import io.carillon.http.settings.SocketSettings;
import io.carillon.http.websocket.SocketStage.Opening;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmFeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;

/** Decides whether a request becomes a socket, or an event stream in place of one. */
public final class SocketRoute {
  /** The sub-protocol, echoed when a client offers it. */
  public static final String SUBPROTOCOL = "carillon.v1";

  /** Names people give a token in a query, where it ends up in logs and histories. */
  private static final List<String> TOKENS = List.of("token", "access_token", "jwt", "auth");

  private static final Duration FULL = Duration.ofSeconds(5);

  private final SocketStage.Surroundings surroundings;
  private final TicketOffice tickets;
  private final OriginPolicy origins;

  /** A route whose sockets share all this. */
  public SocketRoute(
      CallEngine engine,
      CallDesk desk,
      Authenticator authenticator,
      TicketOffice tickets,
      OriginPolicy origins,
      NameCache names,
      FrameWriter writer,
      Realms realms,
      SocketSettings settings,
      Sockets sockets,
      RealmFeed feed,
      RealmCalls realmCalls,
      EdgeMetrics metrics,
      InstantSource clock) {
    this.surroundings =
        new SocketStage.Surroundings(
            engine,
            desk,
            authenticator,
            names,
            writer,
            realms,
            settings,
            sockets,
            new Watches.Source(feed, realmCalls, settings.watchPoll()),
            metrics,
            clock);
    this.tickets = tickets;
    this.origins = origins;
  }

  /** What a request for a socket is answered. */
  public sealed interface Answer {
    /** The response that switches protocols, or streams. */
    record Switched(HttpResponse response) implements Answer {}

    /** No. */
    record Declined(Problem problem) implements Answer {}
  }

  /**
   * Answers a request for a socket.
   *
   * @param host what the client called us
   */
  public CompletionStage<Answer> open(HttpRequest request, String host) {
    Optional<UpgradeToWebSocketLowLevel> upgrade = WireFrames.upgrade(request);
    if (upgrade.isEmpty()) {
      return CompletableFuture.completedFuture(
          declined(ErrorCode.MALFORMED, "This path is a WebSocket; open it as one."));
    }
    return admitted(
        request, host, request.getUri().query().get("cursor"), o -> switched(upgrade.get(), o));
  }

  /**
   * Answers a request for an event stream: what a socket would say, for a client that cannot open
   * one. It has to show its credential with the request.
   *
   * @param host what the client called us
   */
  public CompletionStage<Answer> stream(HttpRequest request, String host) {
    Optional<String> from =
        request
            .getHeader("Last-Event-ID")
            .map(HttpHeader::value)
            .or(() -> request.getUri().query().get("cursor"));
    return admitted(request, host, from, this::streamed);
  }

  private CompletionStage<Answer> admitted(
      HttpRequest request,
      String host,
      Optional<String> from,
      Function<Opening, Answer> admission) {
    Query query = request.getUri().query();
    if (TOKENS.stream().anyMatch(name -> query.get(name).isPresent())) {
      return CompletableFuture.completedFuture(
          declined(
              ErrorCode.MALFORMED,
              "A token does not belong into a URL. Send it as a header, in hello, or take a"
                  + " ticket."));
    }
    Optional<String> origin = request.getHeader("Origin").map(HttpHeader::value);
    if (!origins.admits(origin, host)) {
      return CompletableFuture.completedFuture(
          declined(ErrorCode.FORBIDDEN, "This origin is not on the list of allowed ones."));
    }
    if (!surroundings.sockets().hasRoom()) {
      return CompletableFuture.completedFuture(
          new Answer.Declined(Problem.retry(ErrorCode.UNAVAILABLE, FULL)));
    }
    Optional<String> deviceText = query.get("device_id");
    if (deviceText.isPresent() && !Ids.isWellFormed(deviceText.get())) {
      return CompletableFuture.completedFuture(
          new Answer.Declined(Problem.invalid("/device_id", "must be an id")));
    }
    Opening opening =
        new Opening(
            Optional.empty(),
            deviceText.map(DeviceId::new),
            query.get("platform").filter(p -> p.length() <= 32).orElse("unknown"),
            from.filter(c -> !c.isEmpty()));
    Optional<String> authorization = request.getHeader("Authorization").map(HttpHeader::value);
    Optional<String> ticket = query.get("ticket");
    if (authorization.isPresent()) {
      return surroundings
          .authenticator()
          .authorization(authorization.get())
          .thenApply(verdict -> judged(verdict, opening, admission));
    }
    if (ticket.isPresent()) {
      return tickets
          .redeem(ticket.get())
          .<Answer>thenApply(
              redeemed ->
                  redeemed
                      .filter(t -> surroundings.authenticator().isStillGood(t.principal()))
                      .map(
                          t ->
                              admission.apply(
                                  as(opening, t.principal(), t.device().or(opening::device))))
                      .orElseGet(() -> new Answer.Declined(Problem.of(ErrorCode.UNAUTHENTICATED))))
          .exceptionally(
              failure -> new Answer.Declined(Problem.retry(ErrorCode.UNAVAILABLE, FULL)));
    }
    return CompletableFuture.completedFuture(admission.apply(opening));
  }

  private static Answer declined(ErrorCode code, String detail) {
    return new Answer.Declined(Problem.of(code, detail));
  }

  private static Answer judged(
      Verdict verdict, Opening opening, Function<Opening, Answer> admission) {
    return switch (verdict) {
      case Verdict.Known(Principal principal) ->
          admission.apply(as(opening, principal, opening.device()));
      case Verdict.Refused _ -> new Answer.Declined(Problem.of(ErrorCode.UNAUTHENTICATED));
      case Verdict.Expired _ -> new Answer.Declined(Problem.of(ErrorCode.TOKEN_EXPIRED));
      case Verdict.Undecided _ -> new Answer.Declined(Problem.retry(ErrorCode.UNAVAILABLE, FULL));
    };
  }

  private static Opening as(Opening opening, Principal principal, Optional<DeviceId> device) {
    return new Opening(Optional.of(principal), device, opening.platform(), opening.cursor());
  }

  private Answer streamed(Opening opening) {
    if (opening.principal().isEmpty()) {
      return new Answer.Declined(Problem.of(ErrorCode.UNAUTHENTICATED));
    }
    EventStreamStage stage =
        new EventStreamStage(
            surroundings,
            new EventStreamStage.Listener(
                opening.principal().get(),
                opening.device().orElseGet(() -> new DeviceId("d-" + UUID.randomUUID())),
                opening.platform(),
                opening.cursor()));
    return new Answer.Switched(
        HttpResponse.create()
            .addHeader(RawHeader.create("Cache-Control", "no-store"))
            // Proxies that collect a response before they pass it on would keep rings to
            // themselves.
            .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
            .withEntity(
                HttpEntities.createChunked(
                    MediaTypes.TEXT_EVENT_STREAM.toContentType(), Source.fromGraph(stage))));
  }

  private Answer switched(UpgradeToWebSocketLowLevel upgrade, Opening opening) {
    boolean offered = false;
    for (String protocol : upgrade.getRequestedProtocols()) {
      offered |= protocol.equals(SUBPROTOCOL);
    }
    return new Answer.Switched(
        WireFrames.accept(
            upgrade,
            new SocketStage(surroundings, opening),
            offered ? Optional.of(SUBPROTOCOL) : Optional.empty()));
  }
}
