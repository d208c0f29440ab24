/**
 * The way to the database: what is configured, checked once, and the pools made of it.
 *
 * <p>Every connection of this module comes from here, with the same limits on how long it may take
 * to connect, to answer and to run a statement, so that a database that is gone is noticed in
 * seconds and never waited for. Nothing here knows what is stored. Start reading at {@link
 * io.carillon.persistence.database.Database}.
 */
@NullMarked
package io.carillon.persistence.database;

import org.jspecify.annotations.NullMarked;
