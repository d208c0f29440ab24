@NullMarked
package io.carillon.persistence.realm;

import org.jspecify.annotations.NullMarked;
