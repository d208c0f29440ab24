package io.carillon.http.app;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Keeps a started node running until it is told to stop. */
final class Running {
  private Running() {}

  /**
   * Returns when the node has stopped because it was told to.
   *
   * @throws IllegalStateException when it went by itself: whoever looks after it is to start it
   *     again
   * @param afterwards what is to be stopped after the node
   */
  static void untilStopped(Node node, Runnable afterwards) {
    Thread stopping =
        new Thread(
            () -> {
              node.close();
              afterwards.run();
              // Last: what is said while stopping belongs into the log.
              if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logs) {
                logs.stop();
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stopping);
    node.stopped().toCompletableFuture().join();
    if (!node.wasStoppedOnPurpose()) {
      throw new IllegalStateException("this node has left its cluster by itself; see its log");
    }
  }
}
