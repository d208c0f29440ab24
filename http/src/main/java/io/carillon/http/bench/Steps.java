package io.carillon.http.bench;

import java.util.HashMap;
import java.util.Map;

/** The way the parties' requests take: REST or the socket. */
sealed interface Steps {
  /** Gets the answers. */
  interface Answers {
    /**
     * A request was answered.
     *
     * @param reply what it says; good only during the call
     */
    void answered(Step step, FrameScan reply);

    /** A request was refused, or no answer came. */
    void refused(Step step, String why);
  }

  /**
   * Makes a request.
   *
   * @param callId empty for an initiate
   * @param fields what the request says besides, as JSON that begins with a comma, or nothing
   */
  void take(Step step, User by, byte[] callId, String fields, Answers answers);

  /** An answer came over a socket. */
  void replied(FrameScan reply);

  /** Requests by REST, whose answers come as their replies. */
  final class Rest implements Steps {
    private static final byte[] POST = FrameScan.ascii("POST /api/v1/calls");

    private final Surroundings around;
    private final Tally tally;
    private final byte[] head;

    Rest(Surroundings around, Tally tally) {
      this.around = around;
      this.tally = tally;
      this.head =
          FrameScan.ascii(
              " HTTP/1.1\r\nHost: "
                  + around.host()
                  + "\r\nContent-Type: application/json\r\nContent-Length: ");
    }

    @Override
    public void take(Step step, User by, byte[] callId, String fields, Answers answers) {
      Bytes body =
          around
              .message()
              .clear()
              .put("{\"device_id\":\"")
              .put(by.acting().id())
              .put("\"")
              .put(fields)
              .put("}");
      Bytes request = around.frame().clear().put(POST);
      if (step != Step.INITIATE) {
        request.put("/").put(callId).put("/").put(step.word());
      }
      request
          .put(head)
          .putNumber(body.length())
          .put("\r\n")
          .put(by.authorization())
          .put("\r\n")
          .put(body);
      tally.requested();
      around.http().request(request, new Reply(around.scan(), step, answers));
    }

    @Override
    public void replied(FrameScan reply) {
      // Nothing was asked over a socket.
    }

    private record Reply(FrameScan scan, Step step, Answers answers) implements HttpLane.Replies {
      @Override
      public void replied(int status, byte[] bytes, int from, int to) {
        boolean read = scan.scan(bytes, from, to);
        if (status >= 200 && status < 300 && read) {
          answers.answered(step, scan);
        } else {
          answers.refused(step, HttpLane.words(status) + " " + (read ? scan.code.text() : ""));
        }
      }

      @Override
      public void failed(String why) {
        answers.refused(step, why);
      }
    }
  }

  /** Requests over the acting devices' sockets, told apart by their ids. */
  final class Socket implements Steps {
    private record Pending(Step step, Answers answers) {}

    private final Surroundings around;
    private final Tally tally;
    private final Map<Long, Pending> pending = new HashMap<>();
    private long lastId;

    Socket(Surroundings around, Tally tally) {
      this.around = around;
      this.tally = tally;
    }

    @Override
    public void take(Step step, User by, byte[] callId, String fields, Answers answers) {
      long id = ++lastId;
      Bytes frame =
          around
              .message()
              .clear()
              .put("{\"type\":\"call.")
              .put(step.word())
              .put("\",\"id\":\"")
              .putNumber(id)
              .put("\"");
      if (step != Step.INITIATE) {
        frame.put(",\"call_id\":\"").put(callId).put("\"");
      }
      frame.put(fields).put("}");
      pending.put(id, new Pending(step, answers));
      tally.requested();
      by.acting().send(frame);
    }

    @Override
    public void replied(FrameScan reply) {
      if (reply.id.isEmpty()) {
        return;
      }
      Pending asked = pending.remove(Long.parseLong(reply.id.text()));
      if (asked == null) {
        return;
      }
      if (reply.isOk()) {
        asked.answers().answered(asked.step(), reply);
      } else {
        asked.answers().refused(asked.step(), errorCode(reply));
      }
    }

    private static String errorCode(FrameScan reply) {
      FrameScan error = new FrameScan();
      error.scan(reply.error.array(), reply.error.from(), reply.error.to());
      return error.code.text();
    }
  }
}
