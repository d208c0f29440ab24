package io.carillon.http.faults;

import java.util.List;

/**
 * One fault, from steady to steady.
 *
 * @param id of the matrix, {@code F1}
 * @param what breaks
 * @param need what has to be there for it to be played
 * @param play breaks it, heals it and measures; called when all is steady
 */
public record Episode(String id, String what, Need need, Play play) {
  /** What happens in an episode. */
  @FunctionalInterface
  public interface Play {
    /** Breaks and heals; returns what was measured, the most telling figure first. */
    List<Figure> play(Stage stage);
  }
}
