/**
 * Made-up calls for trying things out at size: decided by the real rules, on a schedule that a seed
 * determines, and stored as the journal stores them. For development; a node never makes any. Start
 * reading at {@link io.carillon.persistence.sample.SampleCalls}.
 */
@NullMarked
package io.carillon.persistence.sample;

import org.jspecify.annotations.NullMarked;
