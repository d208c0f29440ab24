/** Tests of how a node takes part in its cluster. */
@NullMarked
package io.carillon.http.cluster;

import org.jspecify.annotations.NullMarked;
