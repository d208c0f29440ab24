package io.carillon.persistence.directory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random secrets and what is stored of them. They have 256 bits of their own, so that a plain hash
 * cannot be guessed back; slow hashes are for passwords people choose.
 */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private Secrets() {}

  /** New, safe in URLs and headers. */
  static String secret() {
    return text(SECRET_BYTES);
  }

  /** New, to find a row by; not secret. */
  static String identifier() {
    return text(9);
  }

  static byte[] salt() {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return salt;
  }

  static byte[] hash(byte[] salt, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(salt, ALGORITHM));
      return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  /** Takes as long for a near miss as for any other. */
  static boolean same(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }

  private static String text(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    // Hyphens and underscores out: the parts of a key are separated by one.
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(bytes)
        .replace('_', 'a')
        .replace('-', 'b');
  }
}
