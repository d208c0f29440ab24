@NullMarked
package io.carillon.persistence.journal;

import org.jspecify.annotations.NullMarked;
