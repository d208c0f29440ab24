/**
 * Stored calls, read back: for recovery and resume from the journal itself, for people's histories
 * from the rows that are written with it.
 *
 * <p>Every answer comes from the primary and contains what was acknowledged before the question was
 * asked (I12). Nothing blocks the caller; a database that is gone fails the stage. Start reading at
 * {@link io.carillon.persistence.readmodel.History}.
 */
@NullMarked
package io.carillon.persistence.readmodel;

import org.jspecify.annotations.NullMarked;
