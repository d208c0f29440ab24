@NullMarked
package io.carillon.persistence.directory;

import org.jspecify.annotations.NullMarked;
