package io.carillon.persistence.journal;

import io.carillon.engine.call.StoredEvent;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** {@link EventCodec} as Pekko calls it. The identifier is stored beside every event. */
public final class StoredEventSerializer extends SerializerWithStringManifest {
  /** Never to be changed. */
  public static final int IDENTIFIER = 7401;

  private final EventCodec codec = new EventCodec();

  /** Made by Pekko. */
  public StoredEventSerializer(ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    return EventCodec.manifest(((StoredEvent) event).event());
  }

  @Override
  public byte[] toBinary(Object event) {
    return codec.encode((StoredEvent) event);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return codec.decode(manifest, bytes);
  }
}
