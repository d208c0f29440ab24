package io.carillon.persistence.journal;

import io.carillon.engine.call.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.stream.Materializer;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.concurrent.impl.Promise.DefaultPromise;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Failure;
import scala.util.Success;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The journal of the JDBC plugin with a writing side of our own ({@link JournalWriter}); named by
 * {@code jdbc-journal.dao}. Replaying and deleting are the plugin's.
 *
 * <p>A write fails with {@link JournalWriteException} where it is known not to be stored, with
 * another exception where that is unknown; either way the persistent actor stops and replays. An
 * event that cannot be serialized is rejected, the others of its write are stored. Tags and
 * metadata are not stored, so an event with either is rejected.
 */
public final class CallJournalDao extends DefaultJournalDao {
  private final Serialization serialization;
  private final JournalWriter writer;
  private final JournalReader reader;

  /** Made by the plugin, with exactly these arguments. */
  public CallJournalDao(
      JdbcBackend.JdbcDatabaseDef db,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext context,
      Materializer materializer) {
    super(db, profile, config, serialization, context, materializer);
    this.serialization = serialization;
    JournalDatabase journal = JournalDatabase.get(materializer.system());
    this.writer = journal.writer();
    this.reader = journal.reader();
  }

  /** Asked once for every call that begins or is read back, so it goes without Slick's detour. */
  @Override
  public Future<Object> highestSequenceNr(String persistenceId, long from) {
    return reader.highestSequenceNumber(persistenceId, from);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    List<JournalRow> rows = new ArrayList<>();
    List<StoredEvent> events = new ArrayList<>();
    List<Try<BoxedUnit>> results = new ArrayList<>();
    boolean rejected = false;
    for (AtomicWrite message : CollectionConverters.asJava(messages)) {
      Try<BoxedUnit> result = collect(message, rows, events);
      rejected |= result.isFailure();
      results.add(result);
    }
    if (rows.isEmpty()) {
      return Future.successful(CollectionConverters.asScala(results).toSeq());
    }
    // An empty answer says that all went well.
    Seq<Try<BoxedUnit>> answer =
        CollectionConverters.asScala(rejected ? results : List.<Try<BoxedUnit>>of()).toSeq();
    PendingWrite write = new PendingWrite(rows, events);
    Promise<Seq<Try<BoxedUnit>>> promise = new DefaultPromise<>();
    // By hand: a chained stage would wrap the exception that tells why.
    var _ =
        write
            .done()
            .whenComplete(
                (_, e) -> promise.complete(e == null ? new Success<>(answer) : new Failure<>(e)));
    writer.submit(write);
    return promise.future();
  }

  /** All events of one atomic write, or, if one of them cannot be serialized, none. */
  private Try<BoxedUnit> collect(
      AtomicWrite message, List<JournalRow> rows, List<StoredEvent> events) {
    List<JournalRow> own = new ArrayList<>();
    try {
      for (PersistentRepr repr : CollectionConverters.asJava(message.payload())) {
        own.add(row(repr));
      }
    } catch (Exception e) {
      // Also what Scala code throws without having to say so: NotSerializableException.
      return new Failure<>(e);
    }
    rows.addAll(own);
    for (PersistentRepr repr : CollectionConverters.asJava(message.payload())) {
      if (repr.payload() instanceof StoredEvent event) {
        events.add(event);
      }
    }
    return new Success<>(BoxedUnit.UNIT);
  }

  private JournalRow row(PersistentRepr repr) {
    if (repr.payload() instanceof Tagged || repr.metadata().isDefined()) {
      throw new IllegalArgumentException("tags and metadata are not stored by this journal");
    }
    Object payload = repr.payload();
    Serializer serializer = serialization.findSerializerFor(payload);
    return new JournalRow(
        repr.persistenceId(),
        repr.sequenceNr(),
        repr.writerUuid(),
        repr.manifest(),
        serializer.identifier(),
        Serializers.manifestFor(serializer, payload),
        // Through the extension: it lends serializers of others what they need (an address).
        serialization.serialize(payload).get());
  }
}
