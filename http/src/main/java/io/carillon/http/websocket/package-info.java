/**
 * The socket of the native protocol: one connection of one device, from the upgrade to the close.
 *
 * <p>A socket bounds what it takes in (size, fragments, rate, silence) and what it holds back for a
 * slow reader, and drops nothing: a reader that cannot keep up is closed and resumes by cursor. It
 * decides nothing about calls. Start reading at {@link io.carillon.http.websocket.SocketStage};
 * everything that touches Pekko's own WebSocket internals is in {@link
 * io.carillon.http.websocket.WireFrames}.
 */
@NullMarked
package io.carillon.http.websocket;

import org.jspecify.annotations.NullMarked;
