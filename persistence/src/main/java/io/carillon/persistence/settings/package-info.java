/**
 * Users' settings, stored and read: call waiting, quiet hours, blocks. Promises that what was
 * stored is read as it was; judges nothing. Start reading at {@link
 * io.carillon.persistence.settings.StoredUserSettings}.
 */
@NullMarked
package io.carillon.persistence.settings;

import org.jspecify.annotations.NullMarked;
