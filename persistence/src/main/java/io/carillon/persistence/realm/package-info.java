/**
 * A whole realm at once, for those who run or study it: its calls, its figures, and the record of
 * what its administrators did. Start reading at {@link io.carillon.persistence.realm.RealmCalls}.
 */
@NullMarked
package io.carillon.persistence.realm;

import org.jspecify.annotations.NullMarked;
