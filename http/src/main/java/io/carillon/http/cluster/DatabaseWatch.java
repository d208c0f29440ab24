package io.carillon.http.cluster;

import io.carillon.persistence.database.DatabaseProbe;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this node, and this node only, is cut off from the database: the others see nothing
 * wrong with it, so nobody else would send it away, and its calls would stand still.
 *
 * <p>It asks the database every interval. After some failures in a row it asks the other nodes,
 * through the cluster and not through the database, and each asks the database anew before it
 * answers. Where one of them is answered and this node's own next question is not, it leaves; where
 * the database is gone for everybody, everybody stays and waits for it.
 */
public final class DatabaseWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

  private static final ServiceKey<Message> KEY = ServiceKey.create(Message.class, "database-watch");

  /** What it hears. */
  public sealed interface Message {}

  private enum Tick implements Message {
    ASK
  }

  /**
   * What became of one question.
   *
   * @param decisive whether it was asked because the database answers another node
   */
  private record Answered(boolean ok, boolean decisive) implements Message {}

  private record Peers(Set<ActorRef<Message>> all) implements Message {}

  /** Another node asks whether the database answers this one. */
  record PeerAsks(ActorRef<Message> replyTo) implements Message, PeerMessage {}

  /** The database answers another node, asked just now. */
  record AnswersMe(String node) implements Message, PeerMessage {}

  /**
   * When to doubt.
   *
   * @param interval between two questions to the database
   * @param failures how many in a row are needed to doubt
   */
  public record Settings(Duration interval, int failures) {}

  private final ActorContext<Message> context;
  private final DatabaseProbe probe;
  private final Settings settings;
  private final Runnable leave;
  private Set<ActorRef<Message>> peers = Set.of();
  private int failed;
  private boolean answersOthers;
  private boolean left;

  private DatabaseWatch(
      ActorContext<Message> context, DatabaseProbe probe, Settings settings, Runnable leave) {
    this.context = context;
    this.probe = probe;
    this.settings = settings;
    this.leave = leave;
  }

  /**
   * Runs for as long as the node does.
   *
   * @param leave sends this node away; run at most once
   */
  public static Behavior<Message> create(DatabaseProbe probe, Settings settings, Runnable leave) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  DatabaseWatch watch = new DatabaseWatch(context, probe, settings, leave);
                  watch.start(timers);
                  return Behaviors.receiveMessage(watch::onMessage);
                }));
  }

  private void start(TimerScheduler<Message> timers) {
    var receptionist = context.getSystem().receptionist();
    receptionist.tell(Receptionist.register(KEY, context.getSelf()));
    receptionist.tell(
        Receptionist.subscribe(
            KEY,
            context.messageAdapter(
                Receptionist.Listing.class, found -> new Peers(found.getServiceInstances(KEY)))));
    timers.startTimerAtFixedRate(Tick.ASK, settings.interval());
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Tick _ -> ask(false);
      case Answered(boolean ok, boolean decisive) -> answered(ok, decisive);
      case Peers(var all) -> {
        peers = new HashSet<>(all);
        peers.remove(context.getSelf());
      }
      case PeerAsks(var replyTo) -> {
        String node = context.getSystem().address().toString();
        probe
            .ask()
            .thenAccept(
                ok -> {
                  if (ok) {
                    replyTo.tell(new AnswersMe(node));
                  }
                });
      }
      case AnswersMe(String node) -> {
        if (failed >= settings.failures() && !answersOthers) {
          LOG.warn("The database does not answer this node, and answers {}", node);
          answersOthers = true;
          ask(true);
        }
      }
    }
    return Behaviors.same();
  }

  private void ask(boolean decisive) {
    context.pipeToSelf(
        decisive ? probe.askThrough() : probe.ask(),
        (ok, failure) -> new Answered(failure == null && ok, decisive));
  }

  private void answered(boolean ok, boolean decisive) {
    if (ok) {
      failed = 0;
      answersOthers = false;
      return;
    }
    failed++;
    // A question asked before the others were may have failed because the database was gone for
    // all; only one asked since tells that it is back for them and not for this node.
    if (decisive && answersOthers && !left) {
      left = true;
      LOG.error("This node is cut off from the database and leaves the cluster");
      leave.run();
    } else if (failed >= settings.failures()) {
      LOG.warn("The database did not answer {} times; asking {} other nodes", failed, peers.size());
      peers.forEach(peer -> peer.tell(new PeerAsks(context.getSelf())));
    }
  }
}
