package io.carillon.http.auth;

import java.util.concurrent.CompletionStage;

/** Where API keys are looked up: a port that the application fills. */
public interface ApiKeyStore {
  /**
   * Whose key this is, if it is the key of the user with this id or e-mail address.
   *
   * @param login a user's id or e-mail address
   * @param key the secret half
   */
  CompletionStage<Verdict> check(String login, String key);
}
