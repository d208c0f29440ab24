package io.carillon.http.faults;

import io.carillon.http.faults.inject.FaultCluster;
import java.util.Optional;

/** What an episode cannot do without. */
enum Need {
  NOTHING,
  /** A network whose ways can be cut. */
  CUTS,
  /** Disk and clocks that obey. */
  DIALS,
  /** A volume of its own for the tables. */
  SMALL_DISK;

  /** Why an episode that needs it cannot be played here; empty: it can. */
  Optional<String> lacking(FaultCluster cluster) {
    return switch (this) {
      case NOTHING -> Optional.empty();
      case CUTS -> unless(cluster.network().canCut(), "network namespaces");
      case DIALS -> unless(cluster.postgres().dial().isPresent(), "a C compiler (cc or gcc)");
      case SMALL_DISK ->
          unless(cluster.postgres().disk().isPresent(), "the right to mount a file system");
    };
  }

  private static Optional<String> unless(boolean there, String what) {
    return there ? Optional.empty() : Optional.of("needs " + what);
  }
}
