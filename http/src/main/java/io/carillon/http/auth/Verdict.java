package io.carillon.http.auth;

/** What became of a credential. */
public sealed interface Verdict {
  /** It is good. */
  record Known(Principal principal) implements Verdict {}

  /** It is not, for whatever reason. */
  record Refused() implements Verdict {}

  /** It was good once; the one thing worth telling, since a new one helps. */
  record Expired() implements Verdict {}

  /** Nobody can say now: what it is checked against cannot be reached. */
  record Undecided() implements Verdict {}
}
