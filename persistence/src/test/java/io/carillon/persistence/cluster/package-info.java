@NullMarked
package io.carillon.persistence.cluster;

import org.jspecify.annotations.NullMarked;
