/**
 * The journal: how an event is written down, for ever, and how many are written at once.
 *
 * <p>An event is stored under a name and version of our own ({@code call.accepted.v1}) as compact
 * JSON. Field names are snake_case; a moment is an integer of milliseconds since 1970-01-01T00:00Z;
 * a duration is an integer of milliseconds and ends in {@code _ms}; an absent value has no field;
 * unknown fields are ignored. A stored form never changes: a changed event is a new version beside
 * the old one, which stays readable. The golden files of the tests hold one of each.
 *
 * <p>Writes of many calls share a transaction, with the changes of the rows that history is read
 * from. A call whose event conflicts (somebody else has written its number) or cannot be stored
 * fails alone. Payloads never reach a log. Start reading at {@link
 * io.carillon.persistence.journal.CallJournalDao} for the way in, {@link
 * io.carillon.persistence.journal.EventCodec} for the form.
 */
@NullMarked
package io.carillon.persistence.journal;

import org.jspecify.annotations.NullMarked;
