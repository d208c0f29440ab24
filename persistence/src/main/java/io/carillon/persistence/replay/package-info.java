/**
 * The journal as analysts read it: streamed, folded by the rules of the engine, drawn, checked.
 *
 * <p>Everything here reads and nothing writes; a role that may only select is enough. Memory is
 * bounded by the largest single call, not by the journal. What is worked out of a call is a pure
 * function of its events, so that it is the same from the database, from an exported file and in a
 * test. Start reading at {@link io.carillon.persistence.replay.JournalSource}.
 */
@NullMarked
package io.carillon.persistence.replay;

import org.jspecify.annotations.NullMarked;
