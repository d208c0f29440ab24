package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every device of a crowd, all of them connected: what each was told, and that it was told of a
 * call before anything else and of its end exactly once (I13, J3).
 */
final class Ears {
  private final Crowd crowd;
  private final boolean[][] listening;
  private final List<String> heard = new ArrayList<>();
  private boolean recording;

  Ears(Crowd crowd) {
    this.crowd = crowd;
    this.listening = new boolean[crowd.size()][crowd.devices()];
  }

  /** From now on {@link #heard} grows. */
  void record() {
    recording = true;
  }

  /** What was heard so far, as {@code device: word} or {@code device: word (reason)}. */
  List<String> heard() {
    return heard;
  }

  void hear(CallEvent event, List<Notice> notices) {
    if (event instanceof CallEvent.Initiated e) {
      // The device that calls knows of the call by the reply.
      setListening(crowd.indexOf(e.facts().caller().user()), e.facts().caller().device());
    }
    for (int i = 0; i < notices.size(); i++) {
      Notice notice = notices.get(i);
      int user = crowd.indexOf(notice.to());
      for (int device = 0; device < crowd.devices(); device++) {
        if (notice.audience().includes(crowd.device(user, device))) {
          onceOnly(notices, i, crowd.device(user, device));
          hear(event, notice, user, device);
        }
      }
    }
  }

  private void setListening(int user, DeviceId device) {
    for (int i = 0; i < crowd.devices(); i++) {
      if (crowd.device(user, i).equals(device)) {
        listening[user][i] = true;
      }
    }
  }

  private static void onceOnly(List<Notice> notices, int before, DeviceId device) {
    for (int i = 0; i < before; i++) {
      Notice other = notices.get(i);
      if (other.to().equals(notices.get(before).to()) && other.audience().includes(device)) {
        throw new Objection("a device is told two things by one event");
      }
    }
  }

  private void hear(CallEvent event, Notice notice, int user, int device) {
    if (recording) {
      heard.add(crowd.device(user, device).value() + ": " + word(notice));
    }
    boolean was = listening[user][device];
    boolean self = isAbout(event, notice);
    boolean first =
        notice.type() == Notice.Type.CALL_STARTED || notice.type() == Notice.Type.CALL_ACCEPTED;
    if (!was && !first) {
      throw new Objection(
          "I13, J3: " + notice.type() + " to a device that was never told, or told of its end");
    }
    listening[user][device] = !isEnd(notice, self);
  }

  private static boolean isAbout(CallEvent event, Notice notice) {
    return (event instanceof CallEvent.Left left && left.user().equals(notice.to()))
        || (event instanceof CallEvent.LegClosed closed && closed.user().equals(notice.to()));
  }

  private static boolean isEnd(Notice notice, boolean self) {
    return switch (notice.type()) {
      case RING_STOPPED, CALL_REJECTED, CALL_ENDED -> true;
      case PARTICIPANT_LEFT, PARTICIPANT_DECLINED -> self;
      case CALL_STARTED,
          PARTICIPANT_RINGING,
          CALL_ACCEPTED,
          CALL_STATUS_UPDATE,
          PARTICIPANT_JOINED,
          PARTICIPANT_RECONNECTING,
          PARTICIPANT_INVITED,
          PARTICIPANT_ROLE_CHANGED,
          CALL_MODE_CHANGED,
          CALL_EXTENDED,
          CALL_EXPIRING ->
          false;
    };
  }

  /** Whoever has no part in the call any more has heard its end (J3, R12). */
  void agreeWith(CallState.Known state) {
    for (int user = 0; user < crowd.size(); user++) {
      Participant part = state.roster().find(crowd.user(user)).orElse(null);
      boolean concerned = false;
      if (part != null && state instanceof CallState.Live) {
        concerned = part.leg() instanceof Leg.Joined || part.leg().isOpen();
      }
      for (int device = 0; device < crowd.devices() && !concerned; device++) {
        if (listening[user][device]) {
          throw new Objection(
              "J3: " + crowd.device(user, device) + " was never told that it is over");
        }
      }
    }
  }

  private static String word(Notice notice) {
    String type = notice.type().name().toLowerCase(Locale.ROOT);
    return notice
        .stop()
        .map(stop -> type + " (" + stop.name().toLowerCase(Locale.ROOT) + ")")
        .orElse(type);
  }
}
