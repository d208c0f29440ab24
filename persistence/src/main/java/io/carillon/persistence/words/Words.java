package io.carillon.persistence.words;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The stored words of an enum: its constants' names in lower case. They are in journals and tables,
 * so a test holds each of them: a constant that is renamed keeps its word.
 *
 * @param <E> the enum
 */
public final class Words<E extends Enum<E>> {
  private final EnumMap<E, String> words;
  private final Map<String, E> constants = new HashMap<>();

  private Words(Class<E> type) {
    words = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      words.put(constant, word);
      constants.put(word, constant);
    }
  }

  /** The words of an enum. */
  public static <E extends Enum<E>> Words<E> of(Class<E> type) {
    return new Words<>(type);
  }

  /** The word of a constant. */
  public String word(E constant) {
    return Objects.requireNonNull(words.get(constant));
  }

  /**
   * The constant of a word.
   *
   * @throws IllegalArgumentException when this version does not know the word
   */
  public E constant(String word) {
    E constant = constants.get(word);
    if (constant == null) {
      throw new IllegalArgumentException("unknown word '" + word + "'");
    }
    return constant;
  }
}
