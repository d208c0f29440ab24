@NullMarked
package io.carillon.persistence.retention;

import org.jspecify.annotations.NullMarked;
