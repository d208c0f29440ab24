package io.carillon.http.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Turns a credential into a principal: bearer tokens, API keys, and whatever a socket brings. */
public final class Authenticator {
  private static final int MAX_BASIC = 1024;

  private final TokenVerifier tokens;
  private final ApiKeyStore keys;
  private final Consumer<Principal> seen;
  private final Revocations revocations;

  /**
   * @param revocations the tokens that are believed no longer
   * @param seen is told of every accepted principal, many times of the same; must be quick
   */
  public Authenticator(
      TokenVerifier tokens, ApiKeyStore keys, Revocations revocations, Consumer<Principal> seen) {
    this.tokens = tokens;
    this.keys = keys;
    this.revocations = revocations;
    this.seen = seen;
  }

  /** Judges the value of an {@code Authorization} header. */
  public CompletionStage<Verdict> authorization(String header) {
    int space = header.indexOf(' ');
    if (space < 0) {
      return refused();
    }
    String credential = header.substring(space + 1).strip();
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> bearer(credential);
      case "basic" -> basic(credential);
      default -> refused();
    };
  }

  /** Judges a token. */
  public CompletionStage<Verdict> bearer(String token) {
    return tokens.verify(token).thenApply(this::noted);
  }

  private CompletionStage<Verdict> basic(String credential) {
    if (credential.length() > MAX_BASIC) {
      return refused();
    }
    String pair;
    try {
      byte[] bytes = Base64.getDecoder().decode(credential);
      pair = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException unreadable) {
      return refused();
    }
    int colon = pair.indexOf(':');
    if (colon <= 0 || colon == pair.length() - 1 || pair.indexOf('\0') >= 0) {
      return refused();
    }
    return keys.check(pair.substring(0, colon), pair.substring(colon + 1))
        .exceptionally(failure -> new Verdict.Undecided())
        .thenApply(this::noted);
  }

  /** Whether what a principal showed has not been taken back since. */
  public boolean isStillGood(Principal principal) {
    return !revocations.concern(principal);
  }

  private Verdict noted(Verdict verdict) {
    if (verdict instanceof Verdict.Known(Principal principal)) {
      if (!isStillGood(principal)) {
        return new Verdict.Refused();
      }
      seen.accept(principal);
    }
    return verdict;
  }

  private static CompletionStage<Verdict> refused() {
    return CompletableFuture.completedFuture(new Verdict.Refused());
  }
}
