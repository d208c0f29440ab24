/**
 * What an event means for the rows that history, deadlines and lists are read from.
 *
 * <p>{@link io.carillon.persistence.projection.RowChanges#of} is pure: the same event gives the
 * same changes when it is stored and when the rows are rebuilt from the journal. The changes are
 * written in the transaction that stores the event, so a row is never behind its journal. Rules of
 * the call are not repeated here: a row holds facts, and what they add up to is worked out where it
 * is read. Start reading at {@link io.carillon.persistence.projection.RowChange}.
 */
@NullMarked
package io.carillon.persistence.projection;

import org.jspecify.annotations.NullMarked;
