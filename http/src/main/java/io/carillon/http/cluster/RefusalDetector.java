package io.carillon.http.cluster;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.FailureDetectorWithAddress;
import org.apache.pekko.remote.PhiAccrualFailureDetector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes another node for lost when it is silent for long, as the library's own detector does; and
 * as soon as it misses two heartbeats where its port refuses connections. A pause of a healthy
 * process may last as long as its death seems to, but does not close its port.
 *
 * <p>Called by Pekko, one for each node watched; see {@code pekko.cluster.failure-detector}.
 */
public final class RefusalDetector implements FailureDetector, FailureDetectorWithAddress {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalDetector.class);

  private final PhiAccrualFailureDetector silence;

  /** How long without a heartbeat until the port is asked; half of it lies between questions. */
  private final long suspicious;

  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Optional<PeerPort> peer = Optional.empty();
  private volatile long heardAt = System.nanoTime();
  private volatile long askedAt = System.nanoTime();
  private volatile boolean gone;

  /** As Pekko makes it. */
  public RefusalDetector(Config settings, EventStream events) {
    this.silence = new PhiAccrualFailureDetector(settings, events);
    this.suspicious = settings.getDuration("heartbeat-interval").toNanos() * 5 / 2;
  }

  @Override
  public void setAddress(String address) {
    silence.setAddress(address);
    peer = PeerPort.of(AddressFromURIString.parse(address));
  }

  @Override
  public void heartbeat() {
    heardAt = System.nanoTime();
    gone = false;
    silence.heartbeat();
  }

  @Override
  public boolean isMonitoring() {
    return silence.isMonitoring();
  }

  @Override
  public boolean isAvailable() {
    if (gone) {
      return false;
    }
    long now = System.nanoTime();
    if (isMonitoring() && now - heardAt > suspicious && now - askedAt > suspicious / 2) {
      peer.ifPresent(this::ask);
    }
    return silence.isAvailable();
  }

  private void ask(PeerPort port) {
    if (asking.compareAndSet(false, true)) {
      long before = heardAt;
      Thread.ofVirtual()
          .name("refusal-detector")
          .start(
              () -> {
                boolean refuses = port.refuses();
                askedAt = System.nanoTime();
                if (refuses && heardAt == before) {
                  LOG.warn("{} is silent and refuses connections", port.host());
                  gone = true;
                }
                asking.set(false);
              });
    }
  }
}
