package io.carillon.http.faults.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.faults.check.CallRow;
import io.carillon.http.faults.check.Evidence.Read;
import io.carillon.http.faults.record.Item.Who;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads in the end what REST shows: every call to its caller, and callers' histories. */
public final class Reader {
  private static final int MOST_CALLS = 1500;
  private static final int MOST_HISTORIES = 60;
  private static final int PAGE = 50;

  private final Api api;

  /** Over this API. */
  public Reader(Api api) {
    this.api = api;
  }

  /** Reads the calls, of very many the last, and the histories of some of their callers. */
  public List<Read> read(List<CallRow> calls) {
    List<Read> reads = new ArrayList<>();
    Set<Who> readers = new LinkedHashSet<>();
    int node = 1;
    for (CallRow call : calls.subList(Math.max(0, calls.size() - MOST_CALLS), calls.size())) {
      Who who = new Who(call.realm(), call.caller(), "reader");
      readers.add(who);
      node = api.nextNode(node);
      Api.Answer answer = api.get(who, call.call(), "/api/v1/calls/" + call.call(), node);
      if (answer.isOk()) {
        reads.add(new Read(call.realm(), call.caller(), "call", answer.body().path("call")));
      }
    }
    readers.stream().limit(MOST_HISTORIES).forEach(who -> history(who, reads));
    return reads;
  }

  private void history(Who who, List<Read> reads) {
    String cursor = "";
    do {
      String path =
          "/api/v1/calls/history?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
      Api.Answer page = api.get(who, "", path, api.anyNode());
      for (JsonNode call : page.body().path("calls")) {
        reads.add(new Read(who.realm(), who.user(), "history", call));
      }
      cursor = page.body().path("next_cursor").asText("");
    } while (!cursor.isEmpty());
  }
}
