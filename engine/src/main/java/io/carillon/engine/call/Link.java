package io.carillon.engine.call;

import java.time.Instant;

/** Whether a joined participant's device is connected (R25). */
public sealed interface Link {
  /** Connected, or never seen as lost. */
  record Up() implements Link {}

  /** Gone since {@code since}; the part in the call ends at {@code deadline}. */
  record Lost(Instant since, Instant deadline) implements Link {}
}
