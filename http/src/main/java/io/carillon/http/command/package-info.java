/**
 * From an order to its answer, whichever way it came in: who asks with which device becomes a
 * command of the engine, what the engine says becomes a reply or a problem.
 *
 * <p>Nothing here decides about a call. Media credentials (Jitsi tokens, TURN passwords) are made
 * here, for one user at a time, and appear in no log. Start reading at {@link
 * io.carillon.http.command.CallDesk}.
 */
@NullMarked
package io.carillon.http.command;

import org.jspecify.annotations.NullMarked;
