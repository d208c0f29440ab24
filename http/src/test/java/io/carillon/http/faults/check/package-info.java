/**
 * What must hold of a recorded history and the database it left, one class for each group of
 * promises. Start reading at {@link io.carillon.http.faults.check.Checks}.
 */
@NullMarked
package io.carillon.http.faults.check;

import org.jspecify.annotations.NullMarked;
