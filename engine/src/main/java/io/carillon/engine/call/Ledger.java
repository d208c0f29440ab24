package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much of the call is stored, and which keyed requests were answered by it (R27).
 *
 * @param seq number of the last event
 * @param at time of the last event
 * @param receipts the newest {@value #MAX_RECEIPTS} keyed requests, oldest first
 */
public record Ledger(long seq, Instant at, List<Receipt> receipts) {
  /** How many keyed requests a call remembers. */
  public static final int MAX_RECEIPTS = 64;

  /**
   * A keyed request and the call as it was right after it.
   *
   * @param request the key and the fingerprint
   * @param result what the first answer showed
   */
  public record Receipt(RequestKey request, CallSnapshot result) {}

  public Ledger {
    receipts = List.copyOf(receipts);
  }

  /** The receipt of a request with this user and key, whatever its fingerprint. */
  Optional<Receipt> find(UserId user, String key) {
    for (Receipt receipt : receipts) {
      if (receipt.request().key().equals(key) && receipt.request().user().equals(user)) {
        return Optional.of(receipt);
      }
    }
    return Optional.empty();
  }

  Ledger next(Instant eventAt) {
    return new Ledger(seq + 1, eventAt, receipts);
  }

  Ledger with(Receipt receipt) {
    List<Receipt> kept = new ArrayList<>(receipts.size() + 1);
    for (Receipt old : receipts) {
      // One command may store several events under one key; its last one is its result.
      if (!(old.request().key().equals(receipt.request().key())
          && old.request().user().equals(receipt.request().user()))) {
        kept.add(old);
      }
    }
    kept.add(receipt);
    if (kept.size() > MAX_RECEIPTS) {
      // Never the first: a retried initiate must find the call it placed at any time in its life.
      kept.remove(1);
    }
    return new Ledger(seq, at, kept);
  }
}
