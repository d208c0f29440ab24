package io.carillon.http.app;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Keeps a started node running until it is told to stop. */
final class Running {
  private Running() {}

  /**
   * Returns when the node has stopped, by a signal or by itself.
   *
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
  }
}
