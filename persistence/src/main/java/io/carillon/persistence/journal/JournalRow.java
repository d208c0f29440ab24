package io.carillon.persistence.journal;

/**
 * One row of {@code event_journal}.
 *
 * @param persistenceId whose event
 * @param seq its number there
 * @param writer the incarnation of the writer
 * @param adapterManifest of Pekko's event adapters; empty without
 * @param serializer identifier of the serializer
 * @param manifest name of the stored form
 * @param payload the stored form
 */
// Rows are never compared, and a copy of each payload would be made for nothing.
@SuppressWarnings("ArrayRecordComponent")
record JournalRow(
    String persistenceId,
    long seq,
    String writer,
    String adapterManifest,
    int serializer,
    String manifest,
    byte[] payload) {

  @Override
  public String toString() {
    return persistenceId + '#' + seq + ' ' + manifest;
  }
}
