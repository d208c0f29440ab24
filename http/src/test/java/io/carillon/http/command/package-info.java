/** Tests of what is made for one user at a time. */
@NullMarked
package io.carillon.http.command;

import org.jspecify.annotations.NullMarked;
