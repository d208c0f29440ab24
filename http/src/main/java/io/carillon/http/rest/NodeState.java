package io.carillon.http.rest;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the node says of itself. */
public interface NodeState {
  /** Why the node cannot serve now; empty: it can. Never fails. */
  CompletionStage<Optional<String>> unready();

  /** Begins to leave in order, as on a signal to stop. Returns at once; may be called again. */
  void drain();

  /** The meters in Prometheus' text format. */
  String metrics();
}
