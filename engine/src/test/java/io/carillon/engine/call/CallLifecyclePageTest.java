package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every cell of the tables in {@code docs/call-lifecycle.md} is tried on the rules. */
class CallLifecyclePageTest {
  private static final List<MarkdownTable> TABLES = MarkdownTable.in("call-lifecycle.md");

  /**
   * Rows are calls and what happened to them; columns what comes next; cells what becomes of it.
   */
  @TestFactory
  Stream<DynamicTest> everyCommandDoesInEveryStateWhatThePageSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (MarkdownTable table : tables("commands")) {
      for (List<String> row : table.rows()) {
        for (int column = 2; column < table.header().size(); column++) {
          String command = table.header().get(column);
          String expected = column < row.size() ? row.get(column) : "";
          tests.add(
              DynamicTest.dynamicTest(
                  table.about() + "; " + row.get(1) + ": " + command + " -> " + expected,
                  () -> {
                    Play play = play(table.about()).given(past(row.get(1)));
                    assertThat(play.word()).as("the state before").startsWith(row.get(0));
                    assertThat(play.when(command).outcome()).isEqualTo(expected);
                    endsForEverybody(play);
                  }));
        }
      }
    }
    return tests.stream();
  }

  /** Rows come first, columns second; the table holds every pair in both orders. */
  @TestFactory
  Stream<DynamicTest> everyRaceEndsAsThePageSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (MarkdownTable table : tables("races")) {
      String[] about = table.about().split(", after ", 2);
      List<String> firsts = table.rows().stream().map(List::getFirst).toList();
      List<String> seconds = table.header().subList(1, table.header().size());
      tests.add(
          DynamicTest.dynamicTest(
              about[0] + ": every pair stands in both orders",
              () -> assertThat(firsts).containsAll(seconds).contains("—")));
      for (List<String> row : table.rows()) {
        for (int column = 1; column < table.header().size(); column++) {
          String second = table.header().get(column);
          String expected = column < row.size() ? row.get(column) : "";
          tests.add(
              DynamicTest.dynamicTest(
                  about[0] + ": " + row.getFirst() + ", then " + second + " -> " + expected,
                  () -> {
                    Play play = play(about[0]).given(past(about[1])).given(past(row.getFirst()));
                    assertThat(play.when(second).outcome()).isEqualTo(expected);
                    endsForEverybody(play);
                  }));
        }
      }
    }
    return tests.stream();
  }

  /** Rows are calls, what happened to them and what comes next; cells what a device hears by it. */
  @TestFactory
  Stream<DynamicTest> everyDeviceHearsWhatThePageSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (MarkdownTable table : tables("told")) {
      for (List<String> row : table.rows()) {
        for (int column = 2; column < table.header().size(); column++) {
          String device = table.header().get(column);
          String expected = row.get(column).equals("—") ? "" : row.get(column);
          tests.add(
              DynamicTest.dynamicTest(
                  table.about() + "; " + row.get(0) + "; " + row.get(1) + ": " + device,
                  () ->
                      assertThat(String.join(", ", told(table.about(), row).heard(device)))
                          .isEqualTo(expected)));
        }
      }
    }
    return tests.stream();
  }

  private static Play told(String placed, List<String> row) {
    if (row.get(1).equals("a1 calls")) {
      return Play.nothing().whenPlaced(placed);
    }
    return play(placed).given(past(row.get(0))).when(row.get(1));
  }

  /** Whatever a cell did, nobody is left ringing, and nobody hears of the end twice. */
  private static void endsForEverybody(Play play) {
    if (play.state() instanceof CallState.Live) {
      play.when("an admin ends");
    }
    assertThat(Call.deadline(play.state())).isEmpty();
  }

  @Test
  void thePageHasEveryCommandInEveryPhase() {
    Set<Class<?>> asked = new HashSet<>();
    for (MarkdownTable table : tables("commands")) {
      table.header().stream()
          .skip(2)
          .filter(phrase -> !phrase.startsWith("until"))
          .forEach(phrase -> asked.add(Phrases.command(phrase).getClass()));
      assertThat(table.rows()).allSatisfy(row -> assertThat(row).doesNotContain(""));
    }
    assertThat(asked).containsAll(leaves(CallCommand.class));
    Set<String> states = new HashSet<>();
    tables("commands")
        .forEach(t -> t.rows().forEach(row -> states.add(row.getFirst().replaceAll(":.*", ""))));
    assertThat(states)
        .contains(
            "unknown",
            "calling",
            "ringing",
            "accepted",
            "rejected",
            "cancelled",
            "missed",
            "timeout",
            "ended");
  }

  @TestFactory
  Stream<DynamicTest> everyEndReasonHasTheStateThePageSays() {
    MarkdownTable table = tables("reasons").getFirst();
    List<DynamicTest> tests = new ArrayList<>();
    for (EndReason reason : EndReason.values()) {
      tests.add(
          DynamicTest.dynamicTest(
              Words.of(reason),
              () ->
                  assertThat(table.rows())
                      .filteredOn(row -> row.get(0).equals(Words.of(reason)))
                      .singleElement()
                      .satisfies(
                          row -> assertThat(row.get(1)).isEqualTo(Words.of(reason.outcome())))));
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> everyLimitHasTheDefaultThePageSays() {
    MarkdownTable table = tables("limits").getFirst();
    return Arrays.stream(CallLimits.class.getRecordComponents())
        .map(
            component ->
                DynamicTest.dynamicTest(
                    component.getName(),
                    () ->
                        assertThat(table.rows())
                            .filteredOn(row -> row.getFirst().equals(kebab(component.getName())))
                            .singleElement()
                            .satisfies(
                                row -> assertThat(row.get(1)).isEqualTo(standard(component)))));
  }

  private static String standard(RecordComponent component) throws ReflectiveOperationException {
    Object value = component.getAccessor().invoke(CallLimits.STANDARD);
    return value instanceof Duration duration ? duration.toSeconds() + " s" : value.toString();
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Play play(String placed) {
    return placed.equals("not placed") ? Play.nothing() : Play.placed(placed);
  }

  private static String past(String phrases) {
    return phrases.equals("—") ? "" : phrases;
  }

  private static List<MarkdownTable> tables(String kind) {
    List<MarkdownTable> found = TABLES.stream().filter(t -> t.kind().equals(kind)).toList();
    assertThat(found).as("tables of " + kind).isNotEmpty();
    return found;
  }

  private static List<Class<?>> leaves(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    return Arrays.stream(type.getPermittedSubclasses()).flatMap(c -> leaves(c).stream()).toList();
  }
}
