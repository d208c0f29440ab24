@NullMarked
package io.carillon.http.analyst;

import org.jspecify.annotations.NullMarked;
