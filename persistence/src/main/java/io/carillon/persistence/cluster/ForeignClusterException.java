package io.carillon.persistence.cluster;

/**
 * The database belongs to another cluster: two would write one journal and fence each other off.
 */
public final class ForeignClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ForeignClusterException(String owner, String asking) {
    super(
        "This database belongs to the cluster '"
            + owner
            + "', and this node to '"
            + asking
            + "'. Give each cluster a database of its own, or this node the name of that cluster.");
  }
}
