/**
 * A period's calls as one page with plots: it needs nothing from elsewhere, so it can be mailed and
 * kept. Pure: a page depends on the figures alone. Start reading at {@link
 * io.carillon.http.analyst.report.ReportPage}.
 */
@NullMarked
package io.carillon.http.analyst.report;

import org.jspecify.annotations.NullMarked;
