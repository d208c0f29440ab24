package io.carillon.engine.actor;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Link;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.session.LineDesk;
import java.util.List;

/**
 * Teaches Jackson to tell the cases of our sealed types apart on the wire between nodes, by
 * mix-ins, so that the domain's records stay bare. Names are the simple names of the records: nodes
 * of two neighbouring versions understand each other as long as a record keeps its name.
 */
public final class ClusterJacksonModule extends SimpleModule {
  private static final List<Class<?>> SEALED =
      List.of(
          CallCommand.class,
          CallCommand.ByDevice.class,
          CallEvent.class,
          Actor.class,
          Leg.class,
          Link.class,
          Notice.Audience.class,
          Rejection.class,
          LineDesk.Answer.class,
          Reply.class,
          ToSocket.class,
          CallEntity.Message.class,
          SessionMessage.class);

  /** Called by Pekko's serialization, see {@code reference.conf}. */
  public ClusterJacksonModule() {
    super("carillon-cluster");
    for (Class<?> sealed : SEALED) {
      setMixInAnnotation(sealed, Named.class);
      registerCases(sealed);
    }
  }

  private void registerCases(Class<?> sealed) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        registerCases(permitted);
      } else {
        registerSubtypes(permitted);
      }
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "@")
  private interface Named {}
}
