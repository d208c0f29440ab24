/**
 * What the parts cost that every event, signal and request goes through and that wait for nothing:
 * decisions, rows, frames, cursors, tokens. By JMH; a measurement proves nothing and is not part of
 * the check.
 */
@NullMarked
package io.carillon.http.pure;

import org.jspecify.annotations.NullMarked;
