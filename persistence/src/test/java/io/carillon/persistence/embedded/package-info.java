@NullMarked
package io.carillon.persistence.embedded;

import org.jspecify.annotations.NullMarked;
