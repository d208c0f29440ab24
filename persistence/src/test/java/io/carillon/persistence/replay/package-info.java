@NullMarked
package io.carillon.persistence.replay;

import org.jspecify.annotations.NullMarked;
