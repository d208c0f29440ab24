/**
 * What users are called: a port to where that is kept, and a cache before it, because every frame
 * shows names and no frame may wait long for them. Knows no calls. Start reading at {@link
 * io.carillon.http.directory.NameCache}.
 */
@NullMarked
package io.carillon.http.directory;

import org.jspecify.annotations.NullMarked;
