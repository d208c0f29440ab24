/**
 * How nodes find each other: through the database they share.
 *
 * <p>A node says that it is there, sees who else is, and, where nobody is in a cluster yet, one of
 * them is told to form it: an advisory lock makes that one and not two. All times are the
 * database's, so clocks of nodes are not compared. Which cluster a database belongs to is written
 * in it. Start reading at {@link io.carillon.persistence.cluster.ClusterMembership}.
 */
@NullMarked
package io.carillon.persistence.cluster;

import org.jspecify.annotations.NullMarked;
