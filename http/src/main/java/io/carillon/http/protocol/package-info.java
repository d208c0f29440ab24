/**
 * The native protocol as values: every frame a client may send and every frame the server sends,
 * one record each, and how they become JSON.
 *
 * <p>Reading is strict where the contract is: duplicate keys, unknown frame types and unknown words
 * of a list are refused with a pointer to the place; unknown fields are ignored. REST bodies are
 * read by the same code. Nothing here knows sockets, HTTP, actors or who is asking. Start reading
 * at {@link io.carillon.http.protocol.ClientFrame}, then {@link
 * io.carillon.http.protocol.FrameReader} and {@link io.carillon.http.protocol.FrameWriter}.
 */
@NullMarked
package io.carillon.http.protocol;

import org.jspecify.annotations.NullMarked;
