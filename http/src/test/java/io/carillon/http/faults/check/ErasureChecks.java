package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Erased;
import java.util.ArrayList;
import java.util.List;

/** I21: of a user who was erased nothing is left: in no table, in no log, in nothing REST shows. */
final class ErasureChecks {
  private ErasureChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    for (Item item : evidence.items()) {
      if (item instanceof Erased erased) {
        evidence.stored().stream()
            .filter(row -> row.contains(erased.user()))
            .forEach(row -> found.add(left(erased, "the database: " + row)));
        evidence.logs().stream()
            .filter(line -> line.contains(erased.user()))
            .forEach(line -> found.add(left(erased, "a log: " + line)));
        evidence.reads().stream()
            .filter(read -> read.call().toString().contains(erased.user()))
            .forEach(read -> found.add(left(erased, "what REST shows: " + read)));
      }
    }
    return found;
  }

  private static Violation left(Erased erased, String where) {
    return new Violation("I21", erased.user() + " was erased and stands in " + where);
  }
}
