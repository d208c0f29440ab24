/**
 * The rules of a user's session, pure: which devices a user has connected, what each was told, from
 * where it resumes, and when the calls are to hear that one is lost. Sockets, timers and messages
 * live in {@code engine.actor}. Start reading at {@link io.carillon.engine.session.Session}.
 */
@NullMarked
package io.carillon.engine.session;

import org.jspecify.annotations.NullMarked;
