package io.carillon.http.faults.check;

/**
 * A promise that was broken.
 *
 * @param invariant {@code I1} to {@code I26}
 * @param what happened, with the ids needed to find it
 */
public record Violation(String invariant, String what) {
  @Override
  public String toString() {
    return invariant + ": " + what;
  }
}
