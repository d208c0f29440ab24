package io.carillon.http.faults.record;

/** One line of the record. {@code at} is microseconds since the record began, of one clock. */
public sealed interface Item {
  /** When. */
  long at();

  /** What became of a command, as its sender knows it. */
  enum Outcome {
    /** Carried out. */
    OK,
    /** Refused: nothing happened. */
    REFUSED,
    /** Nobody can say. */
    UNKNOWN
  }

  /** A user of a realm, with one device. */
  record Who(String realm, String user, String device) {}

  /**
   * One attempt of a command was sent.
   *
   * @param id of this attempt
   * @param op the command's word: {@code initiate}, {@code accept}, …, or {@code get}
   * @param key its idempotency key, the same for every attempt; empty for reads
   * @param node the node asked
   * @param call the call it is about; empty for {@code initiate}
   * @param attempt 1 for the first
   */
  record Asked(
      long at, long id, String op, String key, Who who, String node, String call, int attempt)
      implements Item {}

  /**
   * What came back.
   *
   * @param status of HTTP, or its like from a frame; 0: the connection broke or nothing came
   * @param code of the error; empty if there is none
   * @param seq the call's {@code call_seq} in the answer; 0: none
   * @param state the call's state in the answer
   */
  record Answered(
      long at,
      long id,
      Outcome outcome,
      int status,
      String code,
      String call,
      long seq,
      String state)
      implements Item {}

  /** A socket was opened; {@code resumed}: with a cursor that was taken. */
  record Opened(long at, long socket, Who who, String node, boolean resumed) implements Item {}

  /** A resume is complete: everything missed was told. */
  record CaughtUp(long at, long socket) implements Item {}

  /** A whole snapshot came in place of what was missed. */
  record Resynced(long at, long socket) implements Item {}

  /** A socket is gone; {@code meant}: this side closed it. */
  record Shut(long at, long socket, int code, boolean meant) implements Item {}

  /**
   * An event of a call arrived.
   *
   * @param type its {@code event_type}
   * @param actor who did it, as {@code user/device}
   */
  record Heard(
      long at,
      long socket,
      Who who,
      String type,
      String call,
      long seq,
      String state,
      String reason,
      String actor,
      boolean catchup)
      implements Item {}

  /** A fault begins, ends, or something else is worth a mark. */
  record Fault(long at, String episode, String what, String node) implements Item {}

  /** A socket from which nobody reads from now on, whatever is sent to it. */
  record Deaf(long at, long socket, Who who, String node) implements Item {}

  /**
   * What lives in a node's memory, after a collection of everything else.
   *
   * @param process its id: a node started anew has another memory
   */
  record Heap(long at, String episode, String node, long process, long bytes) implements Item {}

  /** A user was erased; from now on the pseudonym stands in the user's place. */
  record Erased(long at, String realm, String user, String pseudonym) implements Item {}

  /** Something was tried that has one right outcome. */
  record Probed(long at, String invariant, boolean held, String what) implements Item {}
}
