@NullMarked
package io.carillon.persistence.readmodel;

import org.jspecify.annotations.NullMarked;
