package io.carillon.persistence.replay;

import java.time.Instant;
import java.util.Optional;

/**
 * One event as it is stored, undecoded.
 *
 * @param number its number in its call, as the journal's key has it
 * @param manifest the stored name
 * @param payload the stored bytes
 * @param writer the incarnation of the call that wrote it
 * @param writtenAt when it was stored, by the database's clock
 * @param node which node stored it; empty where that is not known
 */
// Entries are never compared, and a copy of each payload would be made for nothing.
@SuppressWarnings("ArrayRecordComponent")
public record JournalEntry(
    long number,
    String manifest,
    byte[] payload,
    String writer,
    Instant writtenAt,
    Optional<String> node) {
  @Override
  public String toString() {
    return number + " " + manifest;
  }
}
