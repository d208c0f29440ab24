/**
 * How a node finds the others and becomes one cluster with them: through the database they share.
 * Promises that nodes with one database never form two clusters on purpose; what a network that
 * falls apart does to a cluster is the split-brain resolver's. Start reading at {@link
 * io.carillon.http.cluster.ClusterFormation}.
 */
@NullMarked
package io.carillon.http.cluster;

import org.jspecify.annotations.NullMarked;
