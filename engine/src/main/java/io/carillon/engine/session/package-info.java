/**
 * The rules of a user's session, pure: which calls the user has, what each device was told and from
 * where it resumes, and what the user's line says to those who call. It knows no clock, no socket
 * and no message; those live in {@code engine.actor}. Start reading at {@link
 * io.carillon.engine.session.LineDesk} for who may ring whom, and at {@link
 * io.carillon.engine.session.CatchUp} for what a device hears.
 */
@NullMarked
package io.carillon.engine.session;

import org.jspecify.annotations.NullMarked;
