@NullMarked
package io.carillon.persistence.migration;

import org.jspecify.annotations.NullMarked;
