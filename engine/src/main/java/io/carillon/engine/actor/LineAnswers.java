package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CallBook;
import io.carillon.engine.session.LineDesk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * How a session answers for its user's line when others place calls; {@link Placement} shows who
 * asks. {@link LineDesk} decides; what it goes by is asked of the calls themselves before anybody
 * is told that the line is busy.
 */
final class LineAnswers {
  private final UserKey user;
  private final UserSession.Surroundings node;
  private final ActorContext<SessionMessage> context;
  private final LineKnowledge knowledge;
  private final LineDesk desk;
  private final CallBook book;

  LineAnswers(
      UserKey user,
      UserSession.Surroundings node,
      ActorContext<SessionMessage> context,
      LineKnowledge knowledge,
      LineDesk desk,
      CallBook book) {
    this.user = user;
    this.node = node;
    this.context = context;
    this.knowledge = knowledge;
    this.desk = desk;
    this.book = book;
  }

  /**
   * Answers for the line, at once or when it is known.
   *
   * @param online whether the user has a device connected
   */
  void ask(SessionMessage.AskLine m, boolean online) {
    if (!knowledge.isEnoughFor(m)) {
      return;
    }
    if (m.gone().isPresent()) {
      withoutDoubtful(m, m.gone().get());
      return;
    }
    LineDesk.Answer answer =
        desk.ask(
            m.key().call(),
            m.caller(),
            m.mode(),
            m.replaces(),
            knowledge.settings(),
            node.clock().instant());
    if (answer instanceof LineDesk.BusyWith(List<CallSnapshot> others)) {
      verify(m, others);
      return;
    }
    m.replyTo().tell(new SessionMessage.LineAnswer(user.user(), answer, online));
  }

  /**
   * The asker was told to take a call of this user and could not. If it was on its way only, it
   * counts no longer; one that is known to be stored speaks for itself.
   */
  private void withoutDoubtful(SessionMessage.AskLine m, CallId gone) {
    desk.cameToNothing(gone);
    SessionMessage.AskLine again =
        new SessionMessage.AskLine(
            m.key(), m.caller(), m.mode(), m.replaces(), Optional.empty(), m.replyTo());
    CallSnapshot known = book.open().get(gone);
    if (known == null) {
      context.getSelf().tell(again);
    } else {
      context.pipeToSelf(
          node.calls().describe(known.facts().key(), Lines.TIMEOUT),
          (answer, failure) ->
              new SessionMessage.Doubted(again, gone, failure == null && Calls.isOver(answer)));
    }
  }

  void doubted(SessionMessage.Doubted m, boolean online) {
    if (m.over()) {
      book.drop(m.call());
    }
    ask(m.question(), online);
  }

  /** "Busy" is said only after the other calls themselves said that they go on (R17). */
  private void verify(SessionMessage.AskLine m, List<CallSnapshot> others) {
    CompletionStage<SessionMessage.LineVerified> all =
        CompletableFuture.completedFuture(new SessionMessage.LineVerified(m, List.of(), true));
    for (CallSnapshot other : others) {
      CallKey key = other.facts().key();
      all =
          all.thenCombine(
              node.calls()
                  .describe(key, Lines.TIMEOUT)
                  .handle((answer, failure) -> Optional.ofNullable(answer)),
              (sum, said) -> {
                boolean over = said.isPresent() && Calls.isOver(said.get());
                List<CallId> gone = new ArrayList<>(sum.over());
                if (over) {
                  gone.add(key.call());
                }
                // Who cannot say does not make the line busy: a ring too many does less harm.
                return new SessionMessage.LineVerified(
                    m, List.copyOf(gone), sum.busy() && said.isPresent());
              });
    }
    context.pipeToSelf(
        all,
        (answer, failure) ->
            failure == null ? answer : new SessionMessage.LineVerified(m, List.of(), false));
  }

  void verified(SessionMessage.LineVerified m, boolean online) {
    m.over().forEach(book::drop);
    if (!m.over().isEmpty()) {
      ask(m.question(), online);
      return;
    }
    Line line = m.busy() ? Line.BUSY : Line.FREE;
    m.question()
        .replyTo()
        .tell(new SessionMessage.LineAnswer(user.user(), new LineDesk.Proceed(line), online));
  }
}
