package io.carillon.engine.actor;

/** Marks what may cross between nodes: written as CBOR by Jackson, never by Java serialization. */
public interface ClusterMessage {}
