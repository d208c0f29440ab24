package io.carillon.http.bench;

/**
 * The media signals of one call and their order: the offer, the answer once the offer has come, and
 * then both sides' candidates, without waiting for each other.
 */
final class Signals {
  /** How many of one side's candidates may be underway: as many as a client sends in one go. */
  private static final int WINDOW = 8;

  private static final int OFFER = 0;
  private static final int ANSWER = 1;
  private static final byte[] NUMBER = FrameScan.ascii("\"bench\":");

  /** As long as a browser's description of one audio stream, roughly. */
  private static final String SDP =
      "\",\"sdp\":\"v=0\\r\\no=- 4611731400430051336 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n"
          + "a=candidate:1 1 udp 2122260223 192.0.2.7 54321 typ host\\r\\n".repeat(12)
          + "\"}}";

  private static final String CANDIDATE =
      ",\"candidate\":\"candidate:842163049 1 udp 1677729535 198.51.100.23 61665 typ srflx raddr"
          + " 192.0.2.7 rport 54321 generation 0 ufrag Qh7k network-cost 999\",\"sdpMid\":\"0\","
          + "\"sdpMLineIndex\":0}]}";

  private final Surroundings around;
  private final RelayLedger ledger;
  private final User caller;
  private final User callee;
  private final byte[] callId;

  /** The next candidate of the caller and of the callee. */
  private final int[] next = {2, 3};

  private final int[] underway = {0, 0};

  Signals(Surroundings around, RelayLedger ledger, User caller, User callee, byte[] callId) {
    this.around = around;
    this.ledger = ledger;
    this.caller = caller;
    this.callee = callee;
    this.callId = callId;
  }

  /** The number of the signal in a frame; -1 if it is none of the load. */
  static int number(FrameScan frame) {
    Slice payload =
        !frame.candidates.isEmpty()
            ? frame.candidates
            : frame.offer.isEmpty() ? frame.answer : frame.offer;
    int at = payload.indexOf(NUMBER);
    if (at < 0) {
      return -1;
    }
    int number = 0;
    for (int i = at + NUMBER.length; i < payload.to(); i++) {
      byte digit = payload.array()[i];
      if (digit < '0' || digit > '9') {
        break;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  void begin() {
    send(OFFER);
  }

  /** A signal arrived: what follows from it is sent. */
  void arrived(int number) {
    if (number == OFFER) {
      if (ledger.count() > ANSWER) {
        send(ANSWER);
      }
    } else if (number == ANSWER) {
      more(0);
      more(1);
    } else {
      underway[number % 2]--;
      more(number % 2);
    }
  }

  private void more(int side) {
    while (underway[side] < WINDOW && next[side] < ledger.count()) {
      send(next[side]);
      next[side] += 2;
      underway[side]++;
    }
  }

  private void send(int number) {
    Bytes frame = around.message().clear();
    switch (number) {
      case OFFER -> description(frame, number, "offer");
      case ANSWER -> description(frame, number, "answer");
      default ->
          frame
              .put("{\"type\":\"call.candidate\",\"call_id\":\"")
              .put(callId)
              .put("\",\"candidates\":[{")
              .put(NUMBER)
              .putNumber(number)
              .put(CANDIDATE);
    }
    ledger.sent(number, System.nanoTime());
    (RelayLedger.isFromCaller(number) ? caller : callee).acting().send(frame);
  }

  private void description(Bytes frame, int number, String kind) {
    frame
        .put("{\"type\":\"call.")
        .put(kind)
        .put("\",\"call_id\":\"")
        .put(callId)
        .put("\",\"")
        .put(kind)
        .put("\":{")
        .put(NUMBER)
        .putNumber(number)
        .put(",\"type\":\"")
        .put(kind)
        .put(SDP);
  }
}
