@NullMarked
package io.carillon.persistence.projection;

import org.jspecify.annotations.NullMarked;
