/**
 * Calls, parties and events in the formats that other tools read. Everything is streamed; columns
 * have the names and the units of the protocol. Start reading at {@link
 * io.carillon.http.analyst.export.CallExport}.
 */
@NullMarked
package io.carillon.http.analyst.export;

import org.jspecify.annotations.NullMarked;
