package io.carillon.http.command;

import io.carillon.engine.call.Signal;
import io.carillon.http.protocol.ClientFrame;
import java.util.List;

/**
 * What tells two requests under one idempotency key apart (R27): the SHA-256 of what is asked, the
 * same however it came in (path or body, JSON or form, socket or REST), without who asks and with
 * which device, since a retry may come another way.
 */
final class Fingerprint {
  private Fingerprint() {}

  static String of(ClientFrame.Order order) {
    return Hashes.sha256(asked(order).toString());
  }

  private static List<Object> asked(ClientFrame.Order order) {
    return switch (order) {
      case ClientFrame.Initiate o ->
          List.of(
              "initiate",
              o.callees(),
              o.type(),
              o.mode(),
              o.ring(),
              o.plane(),
              o.context(),
              o.metadata(),
              o.timeouts(),
              o.detached(),
              o.callId());
      case ClientFrame.Acknowledge o -> List.of("acknowledge", o.call(), o.withheld());
      case ClientFrame.Accept o -> List.of("accept", o.call(), o.takeover(), o.existing());
      case ClientFrame.Reject o -> List.of("reject", o.call(), o.reason(), o.scope());
      case ClientFrame.Cancel o -> List.of("cancel", o.call());
      case ClientFrame.End o -> List.of("end", o.call(), o.reason());
      case ClientFrame.Leave o -> List.of("leave", o.call());
      case ClientFrame.Status o -> List.of("status", o.call(), o.status(), o.active());
      case ClientFrame.Heartbeat o -> List.of("heartbeat", o.call());
      case ClientFrame.Invite o -> List.of("invite", o.call(), o.callees());
      case ClientFrame.Uninvite o -> List.of("uninvite", o.call(), o.user());
      case ClientFrame.Remove o -> List.of("remove", o.call(), o.user(), o.barred());
      case ClientFrame.AssignRole o -> List.of("role", o.call(), o.user(), o.role());
      case ClientFrame.Mute o -> List.of("mute", o.call(), o.user());
      case ClientFrame.EndForAll o -> List.of("end_for_all", o.call());
      case ClientFrame.Escalate o -> List.of("escalate", o.call());
      case ClientFrame.HandOff o -> List.of("handoff", o.call(), o.to());
      case ClientFrame.Extend o -> List.of("extend", o.call(), o.extra());
      case ClientFrame.Media o -> {
        Signal signal = o.signal();
        yield List.of("media", o.call(), signal.kind(), signal.payload());
      }
    };
  }
}
