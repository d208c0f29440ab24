/**
 * What is kept, and for how long (R69): old calls are removed whole, journal and rows together; a
 * user is erased from calls that others keep; a legal hold is stronger than both; and what was
 * removed is itself recorded.
 *
 * <p>Only calls that are over are ever touched. Start reading at {@link
 * io.carillon.persistence.retention.Retention}.
 */
@NullMarked
package io.carillon.persistence.retention;

import org.jspecify.annotations.NullMarked;
