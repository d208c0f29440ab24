@NullMarked
package io.carillon.persistence.database;

import org.jspecify.annotations.NullMarked;
