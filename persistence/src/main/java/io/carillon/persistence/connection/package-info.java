/**
 * Which device was connected to which node, and when: what support needs to tell a phone that did
 * not ring from one that was not there. Nothing is decided by it, and nothing waits for it. Start
 * reading at {@link io.carillon.persistence.connection.ConnectionLog}.
 */
@NullMarked
package io.carillon.persistence.connection;

import org.jspecify.annotations.NullMarked;
