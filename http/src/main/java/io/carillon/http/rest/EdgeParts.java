package io.carillon.http.rest;

import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.session.UserSettingsStore;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.OriginPolicy;
import io.carillon.http.auth.RevocationOffice;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.command.CallDesk;
import io.carillon.http.command.IceServers;
import io.carillon.http.command.JitsiTokens;
import io.carillon.http.directory.NameCache;
import io.carillon.http.metrics.EdgeMetrics;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.settings.HttpSettings;
import io.carillon.http.settings.Realms;
import io.carillon.http.websocket.SocketRoute;
import io.carillon.http.websocket.Sockets;
import io.carillon.persistence.readmodel.History;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmFeed;
import io.carillon.persistence.realm.RealmUsers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.Materializer;

/**
 * Everything the edge is made of; {@link #edge} puts it together.
 *
 * @param devTokens present in dev mode only
 */
public record EdgeParts(
    CallEngine engine,
    CallRecords records,
    History history,
    RealmCalls realmCalls,
    RealmUsers realmUsers,
    RealmFeed realmFeed,
    UserSettingsStore userSettings,
    CallDesk desk,
    JitsiTokens jitsi,
    IceServers ice,
    Authenticator authenticator,
    TicketOffice tickets,
    RevocationOffice revocations,
    NameCache names,
    Realms realms,
    HttpSettings settings,
    Sockets sockets,
    EdgeMetrics metrics,
    NodeState state,
    Optional<DevTokens> devTokens,
    InstantSource clock,
    Materializer materializer) {

  /** The edge made of these parts. */
  public Edge edge() {
    FrameWriter writer = new FrameWriter(names);
    Responses responses = new Responses(writer, clock);
    OriginPolicy origins = new OriginPolicy(settings.allowedOrigins());
    Calls calls = new Calls(records, names, realms, responses);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new CallRoutes(desk, calls, responses).routes());
    routes.addAll(new ReadRoutes(calls, history, names, jitsi, responses).routes());
    routes.addAll(
        new RealmRoutes(realmCalls, realmUsers, calls, engine, names, responses).routes());
    routes.addAll(new RealmUserRoutes(realmCalls, realmUsers, calls, responses).routes());
    routes.addAll(new RevocationRoutes(revocations, realmCalls, responses).routes());
    routes.addAll(new MeRoutes(userSettings, engine, responses).routes());
    routes.addAll(new NodeRoutes(state, settings, realms, ice, tickets, names, responses).routes());
    devTokens.ifPresent(
        tokens -> routes.addAll(new DevRoutes(tokens, names, sockets, responses).routes()));
    SocketRoute socketRoute =
        new SocketRoute(
            engine,
            desk,
            authenticator,
            tickets,
            origins,
            names,
            writer,
            realms,
            settings.socket(),
            sockets,
            realmFeed,
            realmCalls,
            metrics,
            clock);
    return new Edge(
        routes,
        socketRoute,
        authenticator,
        origins,
        realms,
        new Bodies(settings.bodyTimeout(), materializer),
        responses,
        metrics,
        sockets,
        materializer);
  }
}
