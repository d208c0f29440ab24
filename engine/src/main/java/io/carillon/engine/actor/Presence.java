package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CallBook;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Tells a user's calls which of the devices in them are gone and which are back. A device that
 * loses its socket is missed only after a moment ({@link EngineSettings#lostAfter}), so that a
 * reload of a page is no loss. Owned by one session.
 */
final class Presence {
  private final UserKey user;
  private final CallBook book;
  private final TimerScheduler<SessionMessage> timers;
  private final Duration lostAfter;
  private final Predicate<DeviceId> isHere;
  private final BiConsumer<CallKey, CallCommand> poke;
  private final Consumer<CallKey> unknown;

  /**
   * @param book the user's calls
   * @param isHere whether a device has a socket
   * @param poke brings a command to a call
   * @param unknown called with a call the book does not have
   */
  Presence(
      UserKey user,
      CallBook book,
      TimerScheduler<SessionMessage> timers,
      Duration lostAfter,
      Predicate<DeviceId> isHere,
      BiConsumer<CallKey, CallCommand> poke,
      Consumer<CallKey> unknown) {
    this.user = user;
    this.book = book;
    this.timers = timers;
    this.lostAfter = lostAfter;
    this.isHere = isHere;
    this.poke = poke;
    this.unknown = unknown;
  }

  /** A device has a socket again: it is not missed. */
  void attached(DeviceId id) {
    timers.cancel(new SessionMessage.Missing(id));
  }

  /** A device has lost its socket, and is missed unless it is back soon. */
  void missSoon(DeviceId id) {
    SessionMessage.Missing missing = new SessionMessage.Missing(id);
    if (!timers.isTimerActive(missing)) {
      timers.startSingleTimer(missing, missing, lostAfter);
    }
  }

  /** It has been away for long enough. */
  void miss(DeviceId id) {
    if (!isHere.test(id)) {
      Endpoint gone = new Endpoint(user.user(), id);
      tellCallsOf(gone, new CallCommand.LoseDevice(gone));
    }
  }

  /** Whether a call takes the device for lost is for the call to know: it may be about to. */
  void regain(DeviceId id) {
    Endpoint back = new Endpoint(user.user(), id);
    tellCallsOf(back, new CallCommand.RegainDevice(back));
  }

  private void tellCallsOf(Endpoint device, CallCommand command) {
    book.open().values().stream()
        .filter(call -> call.roster().isJoined(device))
        .forEach(call -> poke.accept(call.facts().key(), command));
  }

  /** A call asks whether a device is as it has it. */
  void confirm(SessionMessage.ConfirmPresence m) {
    if (isHere.test(m.device())) {
      if (m.lost()) {
        poke.accept(m.key(), new CallCommand.RegainDevice(new Endpoint(user.user(), m.device())));
      }
      return;
    }
    if (m.lost()) {
      return;
    }
    if (!book.open().containsKey(m.key().call())) {
      // This session was born after the call: it learns of it by the question.
      unknown.accept(m.key());
    }
    missSoon(m.device());
  }
}
