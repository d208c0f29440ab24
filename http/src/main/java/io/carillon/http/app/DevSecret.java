package io.carillon.http.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;

/** The secret of a development node: made once for each data directory, so that tokens last. */
final class DevSecret {
  private static final int BYTES = 32;

  private DevSecret() {}

  /** The directory's secret; made if there is none. */
  static String of(Path data) {
    Path file = data.resolve("secret");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      Files.createDirectories(data);
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      Files.writeString(file, secret + "\n", StandardOpenOption.CREATE_NEW);
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(
            file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      }
      return secret;
    } catch (IOException unusable) {
      throw new UncheckedIOException("the data directory cannot be used: " + data, unusable);
    }
  }
}
