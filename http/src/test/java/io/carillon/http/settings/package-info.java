/** Tests of what an operator may set. */
@NullMarked
package io.carillon.http.settings;

import org.jspecify.annotations.NullMarked;
