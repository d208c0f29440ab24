/**
 * A PostgreSQL of our own for a machine without one: the server that {@code carillon} starts when
 * no database is configured.
 *
 * <p>It is as durable as any other (nothing acknowledged is lost by a kill of the engine, of the
 * server or of the machine), it listens on the loopback interface only, and it keeps its data in
 * one directory between runs. Start reading at {@link
 * io.carillon.persistence.embedded.EmbeddedDatabase}.
 */
@NullMarked
package io.carillon.persistence.embedded;

import org.jspecify.annotations.NullMarked;
