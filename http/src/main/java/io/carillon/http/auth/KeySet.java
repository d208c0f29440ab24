package io.carillon.http.auth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer: a secret, a file, or the issuer's key set at a configured URL. A key id
 * is looked up in a map and nowhere else.
 */
public final class KeySet {
  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);

  /** Bytes of a key set; an issuer has a handful of keys. */
  private static final int MAX_BYTES = 256 * 1024;

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(3);

  /** An unknown key id asks the issuer again, but an attacker's invented ids not more than so. */
  private static final Duration MIN_BETWEEN_FETCHES = Duration.ofSeconds(30);

  /** A withdrawn key is believed no longer than this. */
  private static final Duration MAX_AGE = Duration.ofMinutes(15);

  private record Loaded(Map<String, VerificationKey> byId, Optional<VerificationKey> only) {
    Optional<VerificationKey> find(Optional<String> keyId) {
      return keyId.isPresent() ? Optional.ofNullable(byId.get(keyId.get())) : only;
    }
  }

  private final Optional<URI> url;
  private final Algorithm algorithm;
  private final InstantSource clock;
  private volatile Loaded loaded;
  private volatile Instant fetchedAt = Instant.MIN;
  private volatile CompletableFuture<Loaded> fetching;

  private KeySet(Optional<URI> url, Algorithm algorithm, Loaded loaded, InstantSource clock) {
    this.url = url;
    this.algorithm = algorithm;
    this.loaded = loaded;
    this.clock = clock;
    this.fetching = CompletableFuture.completedFuture(loaded);
  }

  /** A shared secret of at least 32 bytes, for HS256. */
  public static KeySet secret(byte[] secret) {
    VerificationKey key = VerificationKey.secret(secret);
    return new KeySet(
        Optional.empty(),
        Algorithm.HS256,
        new Loaded(Map.of(), Optional.of(key)),
        InstantSource.system());
  }

  /** A key set in a file, read once. Throws where it cannot be read or holds no usable key. */
  public static KeySet file(Path file, Algorithm algorithm) throws IOException {
    Loaded keys = parse(Files.readString(file), algorithm);
    if (keys.byId().isEmpty() && keys.only().isEmpty()) {
      throw new IOException(file + " holds no key for " + algorithm.word());
    }
    return new KeySet(Optional.empty(), algorithm, keys, InstantSource.system());
  }

  /** A key set given as text. */
  static KeySet text(String json, Algorithm algorithm) throws IOException {
    return new KeySet(Optional.empty(), algorithm, parse(json, algorithm), InstantSource.system());
  }

  /** A key set at a URL, fetched when first needed and again when it is old or lacks a key. */
  public static KeySet url(URI url, Algorithm algorithm, InstantSource clock) {
    return new KeySet(Optional.of(url), algorithm, new Loaded(Map.of(), Optional.empty()), clock);
  }

  /** The algorithm all keys of this set are for. */
  Algorithm algorithm() {
    return algorithm;
  }

  /**
   * The key with this id, or, without an id, the set's only key. Fails with an {@link IOException}
   * if the issuer cannot be asked and no key is known.
   */
  CompletionStage<Optional<VerificationKey>> find(Optional<String> keyId) {
    Loaded now = loaded;
    Optional<VerificationKey> known = now.find(keyId);
    Duration age = age();
    if (url.isEmpty() || (known.isPresent() && age.compareTo(MAX_AGE) < 0)) {
      return CompletableFuture.completedFuture(known);
    }
    if (known.isEmpty() && age.compareTo(MIN_BETWEEN_FETCHES) < 0 && fetching.isDone()) {
      // Asked a moment ago. An issuer that never answered says nothing about the token.
      return now.byId().isEmpty() && now.only().isEmpty()
          ? CompletableFuture.failedFuture(new KeysUnavailable())
          : CompletableFuture.completedFuture(known);
    }
    return fetch(url.get()).thenApply(fresh -> fresh.find(keyId));
  }

  private Duration age() {
    return fetchedAt.equals(Instant.MIN)
        ? Duration.ofDays(1)
        : Duration.between(fetchedAt, clock.instant());
  }

  private synchronized CompletableFuture<Loaded> fetch(URI from) {
    if (!fetching.isDone()) {
      return fetching;
    }
    fetchedAt = clock.instant();
    CompletableFuture<Loaded> fetched = load(from);
    fetching = fetched;
    return fetched;
  }

  /** What the issuer says now; what it said before, while it cannot be asked. */
  private CompletableFuture<Loaded> load(URI from) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(FETCH_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    HttpRequest request = HttpRequest.newBuilder(from).timeout(FETCH_TIMEOUT).GET().build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .whenComplete((response, failure) -> client.close())
        .handle(
            (response, failure) -> {
              if (response == null || response.statusCode() != 200) {
                LOG.warn(
                    "the key set at {} cannot be read; the keys known so far stay in use", from);
                if (loaded.byId().isEmpty() && loaded.only().isEmpty()) {
                  throw new KeysUnavailable();
                }
                return loaded;
              }
              try {
                loaded = parse(response.body(), algorithm);
              } catch (IOException unusable) {
                LOG.warn("the key set at {} is not one", from);
              }
              return loaded;
            });
  }

  /** The issuer cannot be asked, and nothing it said is known. */
  static final class KeysUnavailable extends RuntimeException {
    KeysUnavailable() {
      super("the issuer's keys cannot be read", null, false, false);
    }
  }

  private static Loaded parse(String json, Algorithm algorithm) throws IOException {
    if (json.length() > MAX_BYTES) {
      throw new IOException("a key set of more than " + MAX_BYTES + " bytes");
    }
    try {
      Map<String, VerificationKey> byId = new HashMap<>();
      Optional<VerificationKey> only = Optional.empty();
      int usable = 0;
      for (JWK jwk : JWKSet.parse(json).getKeys()) {
        Optional<VerificationKey> key = VerificationKey.published(jwk, algorithm);
        if (key.isPresent()) {
          usable++;
          only = usable == 1 ? key : Optional.empty();
          if (jwk.getKeyID() != null) {
            byId.put(jwk.getKeyID(), key.get());
          }
        }
      }
      return new Loaded(Map.copyOf(byId), only);
    } catch (ParseException notKeys) {
      throw new IOException("not a key set", notKeys);
    }
  }
}
