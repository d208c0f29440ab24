/**
 * Who is meant: realms, users and their devices, as validated values.
 *
 * <p>Every id is opaque text of at most 128 characters without control characters or blanks at its
 * ends. A value of one of these types is always well formed: whoever reads text from outside asks
 * {@link io.carillon.engine.identity.Ids#isWellFormed} first. Nothing here knows calls, the clock
 * or the network. Start reading at {@link io.carillon.engine.identity.UserKey}.
 */
@NullMarked
package io.carillon.engine.identity;

import org.jspecify.annotations.NullMarked;
