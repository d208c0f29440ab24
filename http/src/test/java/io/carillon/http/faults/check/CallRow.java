package io.carillon.http.faults.check;

/** What the database says a call is now; moments in milliseconds of the epoch, 0: none. */
public record CallRow(
    String realm,
    String call,
    String state,
    String reason,
    String caller,
    long ringingAt,
    long answeredAt,
    long connectedAt,
    long endedAt,
    long seq) {
  /** Whether it is over. */
  public boolean isOver() {
    return switch (state) {
      case "calling", "ringing", "accepted" -> false;
      default -> true;
    };
  }
}
