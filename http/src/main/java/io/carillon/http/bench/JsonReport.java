package io.carillon.http.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A report for programs. Times are in milliseconds, unless a name says otherwise. */
final class JsonReport {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonReport() {}

  static void write(Report report, Path file) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("at", report.at().toString());
      json.writeStringField("command", report.command());
      json.writeStringField("plan", report.plan().words());
      machine(json, report.machine());
      json.writeNumberField("seconds", report.seconds());
      json.writeNumberField("completed", report.completed());
      json.writeNumberField("calls_per_second", report.callsPerSecond());
      if (report.plan().rate().isPresent()) {
        json.writeNumberField("offered_per_second", report.plan().rate().get());
      }
      json.writeBooleanField("sustained", report.isSustained());
      json.writeNumberField("backlog", report.backlog());
      json.writeBooleanField("clean", report.totals().isClean());
      totals(json, report.totals());
      json.writeObjectFieldStart("hops");
      for (Map.Entry<Hop, Histogram> entry : report.hops().entrySet()) {
        hop(json, entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      costs(json, report);
      timeline(json, report);
      json.writeEndObject();
    }
  }

  private static void machine(JsonGenerator json, Machine machine) throws IOException {
    json.writeObjectFieldStart("machine");
    json.writeStringField("processor", machine.processor());
    json.writeNumberField("cores", machine.cores());
    json.writeNumberField("memory_mib", machine.memoryMib());
    json.writeStringField("system", machine.system());
    json.writeStringField("jvm", machine.jvm());
    json.writeStringField("commit", machine.commit());
    json.writeEndObject();
  }

  private static void totals(JsonGenerator json, Tally.Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("started", totals.started());
    for (Map.Entry<Outcome, Long> entry : totals.completed().entrySet()) {
      json.writeNumberField(entry.getKey().word(), entry.getValue());
    }
    json.writeNumberField("requests", totals.requests());
    json.writeNumberField("events", totals.events());
    json.writeNumberField("relays", totals.relays());
    json.writeNumberField("events_told_again", totals.again());
    json.writeNumberField("sockets_cut_off", totals.droppedSockets());
    json.writeNumberField("lost_events", totals.lostEvents());
    json.writeNumberField("lost_relays", totals.lostRelays());
    json.writeNumberField("duplicated", totals.duplicated());
    json.writeNumberField("out_of_order", totals.outOfOrder());
    json.writeNumberField("unexpected", totals.unexpected());
    json.writeNumberField("failed", totals.failures());
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, Long> entry : totals.failed().entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("examples");
    for (String example : totals.examples()) {
      json.writeString(example);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void hop(JsonGenerator json, Hop hop, Histogram times) throws IOException {
    json.writeObjectFieldStart(hop.word());
    json.writeNumberField("count", times.getTotalCount());
    json.writeNumberField("mean", times.getMean() / 1e6);
    json.writeNumberField("p50", Report.millis(times, 50));
    json.writeNumberField("p90", Report.millis(times, 90));
    json.writeNumberField("p99", Report.millis(times, 99));
    json.writeNumberField("p999", Report.millis(times, 99.9));
    json.writeNumberField("max", Report.millis(times, 100));
    json.writeEndObject();
  }

  private static void costs(JsonGenerator json, Report report) throws IOException {
    json.writeArrayFieldStart("costs");
    for (Report.Cost cost : report.costs()) {
      json.writeStartObject();
      json.writeStringField("who", cost.who().label());
      json.writeNumberField("cores", cost.cores());
      json.writeNumberField("cpu_ms_per_call", cost.cpuMillisPerCall());
      json.writeNumberField("resident_kib", cost.residentKib());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (report.overhead().isPresent()) {
      Report.Overhead overhead = report.overhead().get();
      json.writeNumberField("engine_compiler_ms_per_call", overhead.compilerMillisPerCall());
      json.writeNumberField("engine_collector_ms_per_call", overhead.collectorMillisPerCall());
    }
    if (report.machineBusyCores().isPresent()) {
      json.writeNumberField("machine_busy_cores", report.machineBusyCores().get());
      json.writeBooleanField("disturbed", report.isDisturbed());
    }
    if (report.idle().isPresent()) {
      json.writeNumberField("idle_sockets", report.idle().get().sockets());
      json.writeNumberField("idle_socket_kib", report.idle().get().kibEach());
    }
    if (report.database().isPresent()) {
      DatabaseMeter.Work work = report.database().get();
      json.writeObjectFieldStart("database");
      json.writeNumberField("wal_bytes", work.walBytes());
      json.writeNumberField("commits", work.commits());
      json.writeNumberField("rows_written", work.rows());
      json.writeEndObject();
    }
  }

  private static void timeline(JsonGenerator json, Report report) throws IOException {
    json.writeArrayFieldStart("timeline");
    for (Report.Moment moment : report.timeline()) {
      Meter.Second load = moment.load();
      json.writeStartObject();
      json.writeNumberField("second", load.second());
      json.writeNumberField("completed", load.completed());
      json.writeNumberField("backlog", load.backlog());
      json.writeNumberField("initiate_told_p50", load.toldP50() / 1e6);
      json.writeNumberField("initiate_told_p99", load.toldP99() / 1e6);
      json.writeNumberField("relay_p50", load.relayP50() / 1e6);
      json.writeNumberField("relay_p99", load.relayP99() / 1e6);
      json.writeArrayFieldStart("cores");
      for (double cores : moment.cores()) {
        json.writeNumber(cores);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
