/**
 * Who is known, and by which secret: users, API keys and tickets.
 *
 * <p>A secret is given out once and never stored: what is stored is a hash that a stolen copy of
 * the database does not turn back into it. Whether a credential is enough for what is asked is not
 * decided here. Nothing blocks; a database that is gone fails the stage. Start reading at {@link
 * io.carillon.persistence.directory.Directory}.
 */
@NullMarked
package io.carillon.persistence.directory;

import org.jspecify.annotations.NullMarked;
