/** Tests of answering requests. */
@NullMarked
package io.carillon.http.rest;

import org.jspecify.annotations.NullMarked;
