/**
 * A call's ladder as text, Mermaid, SVG and a page of its own. Pure: a drawing depends on the call
 * alone, and needs nothing from elsewhere to be shown. Start reading at {@link
 * io.carillon.http.analyst.ladder.LadderText}.
 */
@NullMarked
package io.carillon.http.analyst.ladder;

import org.jspecify.annotations.NullMarked;
