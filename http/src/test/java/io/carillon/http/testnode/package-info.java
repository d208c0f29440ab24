/**
 * A real node on a real database, and clients that speak to it over the wire: what the tests of
 * whole flows are written with. Start reading at {@link io.carillon.http.testnode.TestNode}.
 */
@NullMarked
package io.carillon.http.testnode;

import org.jspecify.annotations.NullMarked;
