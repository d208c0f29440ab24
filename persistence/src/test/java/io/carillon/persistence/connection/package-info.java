@NullMarked
package io.carillon.persistence.connection;

import org.jspecify.annotations.NullMarked;
