@NullMarked
package io.carillon.persistence.statistics;

import org.jspecify.annotations.NullMarked;
