/**
 * The words that journal, tables and readers share: what an enum's constant is called wherever it
 * is written down. Once stored, a word stays. Start reading at {@link
 * io.carillon.persistence.words.Vocabulary}.
 */
@NullMarked
package io.carillon.persistence.words;

import org.jspecify.annotations.NullMarked;
