package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.UserSettings;
import io.carillon.engine.session.UserSettingsStore;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader.Body;
import io.carillon.http.protocol.Json;
import io.carillon.http.protocol.Problem;
import io.carillon.persistence.settings.SettingsJson;
import io.carillon.persistence.settings.SettingsJson.InvalidSettingsException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What a user sets about the own line: call waiting, quiet hours, blocks. */
final class MeRoutes {
  private static final String BLOCKS = "/api/v1/me/blocks";

  private final UserSettingsStore store;
  private final CallEngine engine;
  private final Responses responses;

  MeRoutes(UserSettingsStore store, CallEngine engine, Responses responses) {
    this.store = store;
    this.engine = engine;
    this.responses = responses;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/api/v1/me/settings", KNOWN, this::settings),
        new Route("PUT", "/api/v1/me/settings", KNOWN, this::putSettings),
        new Route("GET", BLOCKS, KNOWN, this::blocks),
        new Route(
            "PUT",
            BLOCKS + "/{user_id}",
            KNOWN,
            exchange -> changed(exchange, store.block(me(exchange), other(exchange)))),
        new Route(
            "DELETE",
            BLOCKS + "/{user_id}",
            KNOWN,
            exchange -> changed(exchange, store.unblock(me(exchange), other(exchange)))));
  }

  private static UserKey me(Exchange exchange) {
    return exchange.principal().user();
  }

  private static UserId other(Exchange exchange) {
    String text = exchange.path().getFirst();
    if (!Ids.isWellFormed(text)) {
      throw new Refusal(Problem.invalid("/user_id", "must be an id"));
    }
    return new UserId(text);
  }

  private CompletionStage<HttpResponse> settings(Exchange exchange) {
    return store.read(me(exchange)).thenApply(this::shown);
  }

  private HttpResponse shown(UserSettings settings) {
    JsonNode node = SettingsJson.write(settings);
    return responses.success(
        200,
        json -> {
          for (var field : node.properties()) {
            json.writeFieldName(field.getKey());
            json.writeRawValue(field.getValue().toString());
          }
        });
  }

  private CompletionStage<HttpResponse> putSettings(Exchange exchange) {
    JsonNode wanted = json(exchange);
    UserKey me = me(exchange);
    return store
        .read(me)
        .thenCompose(
            before -> {
              UserSettings after = read(wanted, before);
              return store
                  .write(me, after.callWaiting(), after.dnd())
                  .thenApply(
                      done -> {
                        engine.settingsChanged(me);
                        return shown(after);
                      });
            });
  }

  private static UserSettings read(JsonNode wanted, UserSettings before) {
    try {
      return SettingsJson.read(wanted, before);
    } catch (InvalidSettingsException invalid) {
      throw new Refusal(Problem.invalid(invalid.pointer(), String.valueOf(invalid.getMessage())));
    }
  }

  private static JsonNode json(Exchange exchange) {
    if (!(exchange.body() instanceof Body.JsonBody(byte[] bytes))) {
      throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }
    try {
      JsonNode node = Json.trees().readTree(bytes);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException notJson) {
      // refused below
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible); // reads from memory
    }
    throw new Refusal(ErrorCode.MALFORMED);
  }

  private CompletionStage<HttpResponse> blocks(Exchange exchange) {
    return store.read(me(exchange)).thenApply(this::shownBlocks);
  }

  private HttpResponse shownBlocks(UserSettings settings) {
    List<String> blocked = settings.blocked().stream().map(UserId::value).sorted().toList();
    return responses.success(
        200,
        json -> {
          json.writeArrayFieldStart("blocks");
          for (String user : blocked) {
            json.writeString(user);
          }
          json.writeEndArray();
        });
  }

  private CompletionStage<HttpResponse> changed(Exchange exchange, CompletionStage<Void> change) {
    return change
        .thenCompose(
            done -> {
              engine.settingsChanged(me(exchange));
              return store.read(me(exchange));
            })
        .thenApply(this::shownBlocks);
  }
}
