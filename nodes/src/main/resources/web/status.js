// State, counters and notices in words.
import { figure } from "./colour.js";

const LINKS = { up: "live", down: "reconnecting", paused: "paused" };

export class StatusView {
  constructor($) {
    this.$ = $;
  }

  /** Answers whether this is another run of the node than the one before. */
  show(told, notSent) {
    const { $ } = this;
    const { frames } = told;
    $("source").textContent = told.source + (told.ended ? " · ended" : "");
    document.title = `${told.source} · Parallax`;
    set($("state"), told.state.toLowerCase());
    $("state").dataset.state = told.state;
    $("scale").textContent = told.metric ? `scale: ${told.scale}` : "scale: relative, not metres";
    $("rate").textContent = frames.perSecond.toFixed(1);
    for (const name of ["in", "published", "dropped", "lost", "skipped"]) {
      $(name).textContent = frames[name].toLocaleString("en");
    }
    $("lost").dataset.alert = String(frames.lost > 0);
    $("not-shown").textContent = notSent.toLocaleString("en");
    this.length(told);
    $("trouble").hidden = !told.trouble;
    set($("trouble"), told.trouble ?? "");
    this.notices(told.notices);
    const another = this.run !== undefined && this.run !== told.run;
    this.run = told.run;
    return another;
  }

  length(told) {
    const small = document.createElement("small");
    small.textContent = told.metric ? " m" : " rel.";
    this.$("path-length").replaceChildren(figure(told.pathLength), small);
  }

  notices(notices) {
    const key = JSON.stringify(notices);
    if (key === this.noticed || notices.length === 0) return;
    this.noticed = key;
    const items = notices.toReversed().map(({ severity, message, times }) => {
      const item = document.createElement("li");
      item.dataset.severity = severity;
      item.textContent = times > 1 ? `${message} (${times} times)` : message;
      return item;
    });
    this.$("notices").replaceChildren(...items);
  }

  link(link) {
    const pill = this.$("connection");
    pill.dataset.link = link;
    set(pill, LINKS[link]);
  }
}

/** Leaves the text alone if it is the same: a screen reader reads every change. */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
