/**
 * The analysts' command line: calls listed, drawn, replayed, exported, counted and audited, and old
 * ones removed, from a database (to read, a role that may only select is enough), from the
 * directory of a development node, or from an exported file.
 *
 * <p>Results go to the standard output, progress and complaints to the standard error. Exit codes:
 * 0 all is well, 1 something was found or not found, 2 wrong usage, 3 the database or a file
 * failed. No command keeps more in memory than one call, or one page of calls, however large the
 * journal is. Start reading at {@link io.carillon.http.analyst.CallsCommand}.
 */
@NullMarked
package io.carillon.http.analyst;

import org.jspecify.annotations.NullMarked;
