/** Whole calls on a real node with a real database, as clients see them. */
@NullMarked
package io.carillon.http.flow;

import org.jspecify.annotations.NullMarked;
