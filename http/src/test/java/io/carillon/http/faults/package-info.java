/**
 * The fault suite: real nodes and a real database are broken while people call each other, and what
 * was seen from outside is held against what is promised. {@code docs/reliability.md} is its
 * result. Start reading at {@link io.carillon.http.faults.FaultSuite}.
 */
@NullMarked
package io.carillon.http.faults;

import org.jspecify.annotations.NullMarked;
