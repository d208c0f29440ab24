/**
 * Figures of many calls (R68): how many were tried and answered, how long they rang and were talked
 * in, why they ended, how many went on at once.
 *
 * <p>{@link io.carillon.persistence.statistics.StatisticsTable} works them out in SQL over the
 * calls' rows, {@link io.carillon.persistence.statistics.StatisticsFold} call by call from wherever
 * calls come; both give the same figures to the millisecond, and neither estimates. Start reading
 * at {@link io.carillon.persistence.statistics.CallFigures}.
 */
@NullMarked
package io.carillon.persistence.statistics;

import org.jspecify.annotations.NullMarked;
