package io.carillon.persistence.readmodel;

import java.util.List;
import java.util.Optional;

/**
 * A page of a history.
 *
 * @param calls newest first
 * @param next the cursor of the page after it; empty: there is none
 */
public record HistoryPage(List<HistoryCall> calls, Optional<String> next) {}
