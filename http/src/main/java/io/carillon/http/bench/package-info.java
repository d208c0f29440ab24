/**
 * The load generator: {@code carillon bench}.
 *
 * <p>It plays users with devices, drives whole calls over the public protocol alone, checks that
 * every device is told everything it must be told, once and in order, and measures how long each
 * hop takes and what it costs. It never looks into the engine: a node on another machine is
 * measured by the same code.
 *
 * <p>One thread does all the sending and receiving, because the generator shares the machine with
 * what it measures: whatever it spends, the engine lacks. For the same reason it reads frames with
 * a scanner that only looks for the few fields it needs.
 *
 * <p>Start reading at {@link io.carillon.http.bench.BenchRun} for the order of things, at {@link
 * io.carillon.http.bench.CallRun} for what one call is, and at {@link
 * io.carillon.http.bench.CallLedger} for what makes a run fail.
 */
@NullMarked
package io.carillon.http.bench;

import org.jspecify.annotations.NullMarked;
