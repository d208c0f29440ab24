package io.carillon.persistence.replay;

import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.readmodel.HistoryParty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Whether a call's rows say what its journal says (J12, I22), field by field. */
public final class RowChecks {
  private record Field<T>(String name, Function<T, Object> value) {}

  private static final List<Field<HistoryCall>> CALL =
      List.of(
          new Field<>("call_type", HistoryCall::type),
          new Field<>("mode", HistoryCall::mode),
          new Field<>("media_plane", HistoryCall::mediaPlane),
          new Field<>("caller", HistoryCall::caller),
          new Field<>("state", HistoryCall::state),
          new Field<>("reason", HistoryCall::reason),
          new Field<>("created_at", HistoryCall::createdAt),
          new Field<>("ringing_at", HistoryCall::ringingAt),
          new Field<>("answered_at", HistoryCall::answeredAt),
          new Field<>("connected_at", HistoryCall::connectedAt),
          new Field<>("ended_at", HistoryCall::endedAt),
          new Field<>("ended_by", HistoryCall::endedBy),
          new Field<>("near_miss", HistoryCall::nearMiss),
          new Field<>("note", HistoryCall::note),
          new Field<>("successor", HistoryCall::successor),
          new Field<>("jitsi_url", HistoryCall::jitsiUrl),
          new Field<>("context", HistoryCall::context),
          new Field<>("metadata", HistoryCall::metadata),
          new Field<>("seq", HistoryCall::seq));

  /**
   * A ring of one callee among several leaves no row: the rows tell invited from ringing by the
   * call.
   */
  private static final List<Field<HistoryParty>> PARTY =
      List.of(
          new Field<>("role", HistoryParty::role),
          new Field<>("line", HistoryParty::line),
          new Field<>("called_at", HistoryParty::calledAt),
          new Field<>("device", HistoryParty::device),
          new Field<>("joined_at", HistoryParty::joinedAt),
          new Field<>("state", p -> isOpen(p.state()) ? "open" : p.state()),
          new Field<>("outcome", HistoryParty::outcome));

  private RowChecks() {}

  /** The differences, in the order of the fields; none: they agree. */
  public static List<Finding> of(String call, HistoryCall journal, HistoryCall rows) {
    List<Finding> findings = new ArrayList<>();
    compare(call, "call", CALL, journal, rows, findings);
    List<HistoryParty> expected = sorted(journal.parties());
    List<HistoryParty> stored = sorted(rows.parties());
    if (!users(expected).equals(users(stored))) {
      findings.add(
          new Finding(
              "J12", call, 0, "parties: journal " + users(expected) + ", rows " + users(stored)));
      return findings;
    }
    for (int i = 0; i < expected.size(); i++) {
      String what = "party " + expected.get(i).user();
      compare(call, what, PARTY, expected.get(i), stored.get(i), findings);
    }
    return findings;
  }

  private static <T> void compare(
      String call, String what, List<Field<T>> fields, T journal, T rows, List<Finding> findings) {
    for (Field<T> field : fields) {
      Object expected = field.value().apply(journal);
      Object stored = field.value().apply(rows);
      if (!expected.equals(stored)) {
        findings.add(
            new Finding(
                "J12",
                call,
                0,
                what
                    + "."
                    + field.name()
                    + ": journal "
                    + shown(expected)
                    + ", rows "
                    + shown(stored)));
      }
    }
  }

  private static boolean isOpen(HistoryParty.State state) {
    return state == HistoryParty.State.INVITED || state == HistoryParty.State.RINGING;
  }

  private static List<HistoryParty> sorted(List<HistoryParty> parties) {
    return parties.stream().sorted(Comparator.comparing(p -> p.user().value())).toList();
  }

  private static List<String> users(List<HistoryParty> parties) {
    return parties.stream().map(p -> p.user().value()).toList();
  }

  private static String shown(Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(Object::toString).orElse("nothing")
        : value.toString();
  }
}
