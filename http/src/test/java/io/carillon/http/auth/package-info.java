/** Tests of credentials: the forged ones first. */
@NullMarked
package io.carillon.http.auth;

import org.jspecify.annotations.NullMarked;
