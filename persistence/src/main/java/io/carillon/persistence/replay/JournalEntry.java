package io.carillon.persistence.replay;

import java.time.Instant;

/**
 * One event as it is stored, undecoded.
 *
 * @param number its number in its call, as the journal's key has it
 * @param manifest the stored name
 * @param payload the stored bytes
 * @param writer the incarnation of the call that wrote it
 * @param writtenAt when, by the clock of the node that wrote it
 */
// Entries are never compared, and a copy of each payload would be made for nothing.
@SuppressWarnings("ArrayRecordComponent")
public record JournalEntry(
    long number, String manifest, byte[] payload, String writer, Instant writtenAt) {
  @Override
  public String toString() {
    return number + " " + manifest;
  }
}
