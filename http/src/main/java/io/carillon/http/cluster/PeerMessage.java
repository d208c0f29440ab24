package io.carillon.http.cluster;

/** Marks what nodes say to each other as nodes: written as CBOR by Jackson. */
public interface PeerMessage {}
