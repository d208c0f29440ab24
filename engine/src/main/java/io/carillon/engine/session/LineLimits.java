package io.carillon.engine.session;

import java.time.Duration;

/**
 * How much one user may ring others (R72). Zero switches a limit off.
 *
 * @param initiatesPerMinute calls one user may place in a minute
 * @param redials unanswered calls of one user to the same other within {@code redialWindow}
 * @param redialWindow the time in which redials are counted
 * @param ringsPerCallee calls that may ring one user at once
 */
public record LineLimits(
    int initiatesPerMinute, int redials, Duration redialWindow, int ringsPerCallee) {}
