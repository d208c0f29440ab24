package io.carillon.persistence.statistics;

import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.words.Vocabulary;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** What calls are grouped by; times are UTC, and a call belongs to when it was placed. */
public enum Grouping {
  /** One group. */
  NONE("'all'", "'all'"),
  /** Each realm. */
  REALM("c.realm", "c.realm"),
  /** Each hour, as {@code 2026-03-02T14}. */
  HOUR("", ""),
  /** Each day, as {@code 2026-03-02}. */
  DAY("", ""),
  /** Audio and video. */
  TYPE("c.call_type", "c.call_type");

  private final String ofCall;
  private final String lane;

  Grouping(String ofCall, String lane) {
    this.ofCall = ofCall;
    this.lane = lane;
  }

  /** The group of a call, as an SQL expression over {@code call c}. */
  String ofCall() {
    return switch (this) {
      case HOUR, DAY -> ofMoment("c.created_at");
      case NONE, REALM, TYPE -> ofCall;
    };
  }

  /** Among which calls concurrency is counted: in periods of time, among all. */
  String lane() {
    return switch (this) {
      case HOUR, DAY -> "'all'";
      case NONE, REALM, TYPE -> lane;
    };
  }

  /** The group a change at a moment belongs to, as an SQL expression. */
  String ofChange(String moment, String laneColumn) {
    return switch (this) {
      case HOUR, DAY -> ofMoment(moment);
      case NONE, REALM, TYPE -> laneColumn;
    };
  }

  private String ofMoment(String moment) {
    String format = this == HOUR ? "YYYY-MM-DD\"T\"HH24" : "YYYY-MM-DD";
    return "to_char(" + moment + " AT TIME ZONE 'UTC', '" + format + "')";
  }

  /** The group of a call. */
  String of(HistoryCall call) {
    return switch (this) {
      case NONE -> "all";
      case REALM -> call.key().realm().value();
      case TYPE -> Vocabulary.TYPES.word(call.type());
      case HOUR, DAY -> of(call.createdAt());
    };
  }

  /** Among which calls a call's concurrency is counted. */
  String laneOf(HistoryCall call) {
    return switch (this) {
      case NONE, REALM, TYPE -> of(call);
      case HOUR, DAY -> "all";
    };
  }

  /** The group a change of a lane belongs to. */
  String of(String lane, Instant moment) {
    return switch (this) {
      case NONE, REALM, TYPE -> lane;
      case HOUR, DAY -> of(moment);
    };
  }

  private String of(Instant moment) {
    String text = moment.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS).toString();
    return this == HOUR ? text.substring(0, 13) : text.substring(0, 10);
  }
}
