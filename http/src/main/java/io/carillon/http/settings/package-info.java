/**
 * What the edge can be told: one validated record for each part, read from {@code carillon.http},
 * {@code carillon.calls} and {@code carillon.realms}. Defaults, units and reasons stand in {@code
 * reference.conf}. A wrong value stops the start with a message that names its key. Start reading
 * at {@link io.carillon.http.settings.RealmSettings}.
 */
@NullMarked
package io.carillon.http.settings;

import org.jspecify.annotations.NullMarked;
