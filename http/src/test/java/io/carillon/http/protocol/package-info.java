/** Tests of reading and writing frames: wrong input first. */
@NullMarked
package io.carillon.http.protocol;

import org.jspecify.annotations.NullMarked;
