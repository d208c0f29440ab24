/** Checks of the whole: what may depend on what, and whether the repository is tidy. */
@NullMarked
package io.carillon.http;

import org.jspecify.annotations.NullMarked;
