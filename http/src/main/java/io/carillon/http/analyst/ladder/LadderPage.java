package io.carillon.http.analyst.ladder;

import io.carillon.engine.call.Call;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.replay.EventWords;
import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.replay.Ladder;
import io.carillon.persistence.replay.RingStory;
import io.carillon.persistence.words.Vocabulary;
import java.util.List;
import java.util.Locale;

/** One call as one page: what came of it, its ladder, why whose phone rang, its events. */
public final class LadderPage {

  private LadderPage() {}

  /** Draws a call of at least one step. */
  public static String of(List<Call.Step> steps, RingStory.Surroundings surroundings) {
    HistoryCall call = FoldedCall.of(steps);
    StringBuilder page = new StringBuilder(head(text(call.key().call())));
    page.append("<h1>%s</h1>%n".formatted(text(call.key().call())));
    String outcome =
        call.reason()
            .map(
                r -> Vocabulary.STATES.word(call.state()) + " (" + Vocabulary.REASONS.word(r) + ")")
            .orElse(Vocabulary.STATES.word(call.state()));
    page.append(
        "<p>%s %s call of <b>%s</b>, placed %s, %s</p>%n"
            .formatted(
                Vocabulary.MODES.word(call.mode()),
                Vocabulary.TYPES.word(call.type()),
                text(EventWords.shown(call.caller())),
                call.createdAt(),
                outcome));
    page.append("<p class=\"dim\">realm %s</p>%n".formatted(text(call.key().realm())));
    page.append("<h2>Who told what to whom</h2>\n<div class=\"card\">");
    page.append(LadderSvg.of(Ladder.of(steps))).append("</div>\n");
    stories(RingStory.of(steps, surroundings), page);
    events(steps, page);
    return page.append("</body>\n</html>\n").toString();
  }

  private static void stories(List<RingStory> stories, StringBuilder page) {
    page.append("<h2>Whose phone rang</h2>\n<div class=\"card\"><table>\n");
    page.append(
        "<tr><th>user</th><th>device</th><th>when</th><th>#</th><th></th><th>what</th>"
            + "<th>by</th><th>node</th></tr>\n");
    for (RingStory story : stories) {
      page.append(
          "<tr><td><b>%s</b></td><td colspan=\"7\">%s</td></tr>%n"
              .formatted(text(story.user()), text(story.verdict())));
      for (RingStory.DeviceStory device : story.devices()) {
        for (RingStory.Moment moment : device.moments()) {
          page.append(
              "<tr><td></td><td>%s</td><td class=\"dim\">%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"dim\">%s</td></tr>%n"
                  .formatted(
                      text(device.device().map(Object::toString).orElse("any other")),
                      moment.at(),
                      moment.seq() > 0 ? moment.seq() : "",
                      moment.kind().name().toLowerCase(Locale.ROOT),
                      text(moment.what()),
                      text(moment.by()),
                      text(moment.node().orElse(""))));
        }
      }
    }
    page.append("</table></div>\n");
  }

  private static void events(List<Call.Step> steps, StringBuilder page) {
    page.append("<h2>Events</h2>\n<div class=\"card\"><table>\n");
    page.append("<tr><th>#</th><th>when</th><th>event</th><th>by</th><th>what</th></tr>\n");
    for (Call.Step step : steps) {
      var event = step.stored().event();
      page.append(
          "<tr><td>%d</td><td class=\"dim\">%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n"
              .formatted(
                  step.stored().seq(),
                  event.header().at(),
                  EventWords.name(event),
                  text(EventWords.actor(event.header().actor())),
                  text(EventWords.detail(event))));
    }
    page.append("</table></div>\n");
  }

  private static String text(Object value) {
    return Markup.escape(value.toString());
  }

  private static String head(String title) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Call %s</title>
        <style>
        :root{color-scheme:light dark;--ink:#1c2733;--dim:#66778a;--line:#dbe3ea;--paper:#fff;--back:#f4f7fa}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#93a1b0;--line:#2d3946;--paper:#0f1620;--back:#090e15}}
        body{margin:0;padding:2rem clamp(1rem,4vw,3rem);font:15px/1.5 system-ui,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--back)}
        h1{font-size:1.3rem;margin:0 0 .2rem;overflow-wrap:anywhere} h2{font-size:1.05rem;margin:2rem 0 .6rem}
        p.dim,td.dim,.dim{color:var(--dim)} p{margin:.2rem 0}
        .card{background:var(--paper);border:1px solid var(--line);border-radius:10px;overflow:auto;padding:.6rem}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%%}
        .card svg{max-width:100%%;min-width:60rem;height:auto}
        th,td{text-align:left;padding:.25rem .8rem;border-bottom:1px solid var(--line);white-space:nowrap}
        tr:last-child td{border-bottom:0} th{color:var(--dim);font-weight:500}
        </style>
        </head>
        <body>
        """
        .formatted(title);
  }
}
