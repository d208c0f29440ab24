/**
 * The tables, and whether the server under them can be trusted with calls.
 *
 * <p>Migrations are plain SQL beside these classes, numbered, applied once each and never edited
 * after a release. The checks refuse a server that would lose what it acknowledged. Both run before
 * anything else does. Start reading at {@link io.carillon.persistence.migration.Migrations}.
 */
@NullMarked
package io.carillon.persistence.migration;

import org.jspecify.annotations.NullMarked;
