/**
 * The application: the command line and the one place where engine, persistence and edge are put
 * together.
 *
 * <p>Only this package sees every module; nothing depends on it. Start reading at {@link
 * io.carillon.http.app.Main}.
 */
@NullMarked
package io.carillon.http.app;

import org.jspecify.annotations.NullMarked;
