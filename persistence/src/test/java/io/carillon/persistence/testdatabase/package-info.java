/**
 * A real PostgreSQL for tests: one server for a JVM, a database of its own for whoever asks. The
 * tests of other modules use it too. Start reading at {@link
 * io.carillon.persistence.testdatabase.TestDatabase}.
 */
@NullMarked
package io.carillon.persistence.testdatabase;

import org.jspecify.annotations.NullMarked;
