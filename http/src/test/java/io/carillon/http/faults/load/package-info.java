/**
 * People with devices who call each other while things break, and never give up. Start reading at
 * {@link io.carillon.http.faults.load.Crowd}.
 */
@NullMarked
package io.carillon.http.faults.load;

import org.jspecify.annotations.NullMarked;
