/**
 * Nodes, network and database as processes that can be killed, frozen and cut off. Start reading at
 * {@link io.carillon.http.faults.inject.FaultCluster}.
 */
@NullMarked
package io.carillon.http.faults.inject;

import org.jspecify.annotations.NullMarked;
