package io.carillon.persistence.replay;

/**
 * Something in the records that the rules do not allow.
 *
 * @param rule which invariant it breaks, {@code J1} and so on; {@code I6}, {@code I23}, {@code I26}
 * @param call the journal's key of the call
 * @param seq at which event; 0: the call as a whole
 * @param what what is wrong, with what was found and what was expected
 */
public record Finding(String rule, String call, long seq, String what) {
  @Override
  public String toString() {
    return rule + "  " + call + (seq == 0 ? "" : "#" + seq) + "  " + what;
  }
}
