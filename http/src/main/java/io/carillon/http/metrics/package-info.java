/**
 * What the edge counts, under the names that {@code /metrics} shows. Start reading at {@link
 * io.carillon.http.metrics.EdgeMetrics}.
 */
@NullMarked
package io.carillon.http.metrics;

import org.jspecify.annotations.NullMarked;
