package io.carillon.persistence.replay;

/**
 * What an audit went through.
 *
 * @param calls how many calls
 * @param events how many events
 * @param findings how many findings it gave out
 */
public record AuditReport(long calls, long events, long findings) {
  /** Whether nothing was wrong. */
  public boolean isClean() {
    return findings == 0;
  }
}
