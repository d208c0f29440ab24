/**
 * What the suite writes down while it runs: every command, reply, frame and fault, in one order on
 * one clock. Start reading at {@link io.carillon.http.faults.record.Item}.
 */
@NullMarked
package io.carillon.http.faults.record;

import org.jspecify.annotations.NullMarked;
