package io.carillon.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final UserId BOB = new UserId("bob");

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
  private final EntityRef<SessionMessage> entity =
      TestEntityRef.of(UserSession.TYPE, "acme|bob", session.getRef());
  private final Questions questions = new Questions();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  @Test
  void whatWaitsIsSentOnceMoreAndAnsweredByWhoeverGetsIt() throws Exception {
    CompletableFuture<SessionMessage.Devices> answer = ask();
    session.expectMessageClass(SessionMessage.ListDevices.class); // the node dies with it
    questions.repeat();
    SessionMessage.ListDevices again = session.expectMessageClass(SessionMessage.ListDevices.class);
    again.replyTo().tell(new SessionMessage.Devices(BOB, Set.of()));
    assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).user()).isEqualTo(BOB);
  }

  @Test
  void whatWasAnsweredIsNotSentAgain() throws Exception {
    CompletableFuture<SessionMessage.Devices> first = ask();
    session
        .expectMessageClass(SessionMessage.ListDevices.class)
        .replyTo()
        .tell(new SessionMessage.Devices(BOB, Set.of()));
    first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    questions.repeat();
    CompletableFuture<SessionMessage.Devices> second = ask();
    // Had the first been repeated, it would stand before the second, which then got no answer.
    session
        .expectMessageClass(SessionMessage.ListDevices.class)
        .replyTo()
        .tell(new SessionMessage.Devices(BOB, Set.of()));
    assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).user()).isEqualTo(BOB);
  }

  @Test
  void aQuestionWithoutAnAnswerFailsInTime() {
    CompletableFuture<SessionMessage.Devices> answer =
        questions
            .ask(entity, SessionMessage.ListDevices::new, Duration.ofMillis(50))
            .toCompletableFuture();
    assertThat(answer).failsWithin(PATIENCE);
  }

  private CompletableFuture<SessionMessage.Devices> ask() {
    return questions.ask(entity, SessionMessage.ListDevices::new, PATIENCE).toCompletableFuture();
  }

  @Test
  void questionsThatFailAtOnceAreNotAskedInACircle() {
    AtomicInteger asked = new AtomicInteger();
    String answer =
        Questions.<String>untilAnswered(
                left -> {
                  asked.incrementAndGet();
                  return CompletableFuture.failedFuture(new IllegalStateException("gone"));
                },
                () -> "nobody",
                System.nanoTime() + Duration.ofMillis(500).toNanos())
            .toCompletableFuture()
            .join();
    assertThat(answer).isEqualTo("nobody");
    assertThat(asked).hasValueBetween(2, 20);
  }

  @Test
  void questionThatFailsIsAskedUntilItIsAnswered() {
    AtomicInteger asked = new AtomicInteger();
    String answer =
        Questions.<String>untilAnswered(
                left ->
                    asked.incrementAndGet() < 3
                        ? CompletableFuture.failedFuture(new IllegalStateException("gone"))
                        : CompletableFuture.completedFuture("here"),
                () -> "nobody",
                System.nanoTime() + Duration.ofMinutes(1).toNanos())
            .toCompletableFuture()
            .join();
    assertThat(answer).isEqualTo("here");
  }
}
