package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {
  private static final URI NODE = URI.create("http://127.0.0.1:1");

  @Test
  void withoutOptionsItIsAClosedLoopOfAnsweredCalls() {
    BenchPlan plan = plan();
    assertThat(plan.rate()).isEmpty();
    assertThat(plan.pairs()).isEqualTo(BenchPlan.USUAL_PAIRS);
    assertThat(plan.mix()).isEqualTo(Mix.ALL_ANSWERED);
    assertThat(plan.relays()).isEqualTo(12);
    assertThat(plan.steps()).isEqualTo(BenchPlan.StepsBy.REST);
    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(plan.churn()).isZero();
    assertThat(plan.secret()).isEmpty();
  }

  @Test
  void everythingCanBeSaid() {
    BenchPlan plan =
        plan(
            "--rate 200 --pairs 7 --devices-per-user 2 --duration 1m --warmup 500ms",
            "--mix answered=1,declined=1 --relays 2 --steps socket --talk 3s --churn 2.5",
            "--idle-sockets 9 --connections 3 --patience 20s --realm acme --seed 5",
            "--auth-secret hidden");
    assertThat(plan.rate()).contains(200.0);
    assertThat(plan.pairs()).isEqualTo(7);
    assertThat(plan.devicesPerUser()).isEqualTo(2);
    assertThat(plan.duration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plan.warmup()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.mix()).isEqualTo(Mix.parse("answered=1,declined=1"));
    assertThat(plan.relays()).isEqualTo(2);
    assertThat(plan.steps()).isEqualTo(BenchPlan.StepsBy.SOCKET);
    assertThat(plan.talk()).isEqualTo(Duration.ofSeconds(3));
    assertThat(plan.churn()).isEqualTo(2.5);
    assertThat(plan.idleSockets()).isEqualTo(9);
    assertThat(plan.connections()).isEqualTo(3);
    assertThat(plan.patience()).isEqualTo(Duration.ofSeconds(20));
    assertThat(plan.realm()).contains("acme");
    assertThat(plan.seed()).isEqualTo(5);
    assertThat(plan.secret()).contains("hidden");
    assertThat(plan.sockets()).isEqualTo(7 * 2 * 2 + 9);
  }

  @Test
  void secretDoesNotShowInWhatIsSaidOfThePlan() {
    assertThat(plan("--auth-secret hidden").words()).doesNotContain("hidden");
  }

  @Test
  void highRateGetsSoManyPairsThatNoUserCallsTooOften() {
    BenchPlan plan = plan("--rate 1000");
    assertThat(1000.0 / plan.pairs()).isLessThanOrEqualTo(BenchPlan.USUAL_CALLS_PER_PAIR);
  }

  @Test
  void quickProfileTakesAQuarterOfAMinuteWithTheNodesStart() {
    BenchPlan plan = plan("--profile quick");
    assertThat(plan.warmup().plus(plan.duration())).isLessThanOrEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void whatIsSaidExplicitlyWinsOverTheProfile() {
    assertThat(plan("--profile quick --duration 3s").duration()).isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--closed --rate 5",
        "--url http://localhost:1 --start",
        "--url https://localhost:1",
        "--rate 0",
        "--rate many",
        "--pairs 0",
        "--relays 1",
        "--duration 0s",
        "--duration soon",
        "--mix answered",
        "--steps pigeon",
        "--patience 1s",
        "--profile slow",
        "--unknown"
      })
  void wrongUsageIsExplainedAndNothingIsDone(String line) {
    StringWriter said = new StringWriter();
    int code =
        new CommandLine(new BenchCommand())
            .setErr(new PrintWriter(said))
            .execute(line.split(" ", -1));
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(said.toString()).contains("Usage: bench");
  }

  private static BenchPlan plan(String... lines) {
    BenchCommand command = new BenchCommand();
    String[] words = String.join(" ", lines).split(" ", -1);
    new CommandLine(command).parseArgs(lines.length == 0 ? new String[0] : words);
    return command.plan(NODE);
  }
}
