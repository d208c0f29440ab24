/** The load generator: that it notices what goes wrong, and reads what it is told to do. */
@NullMarked
package io.carillon.http.bench;

import org.jspecify.annotations.NullMarked;
