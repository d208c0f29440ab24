@NullMarked
package io.carillon.persistence.words;

import org.jspecify.annotations.NullMarked;
