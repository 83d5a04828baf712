// Latency of each stage: the last value, the percentiles, and a line of the latest values.

const KEPT = 120;
const SVG = "http://www.w3.org/2000/svg";

export class LatencyTable {
  constructor(body) {
    this.body = body;
    this.clear();
  }

  clear() {
    this.rows = new Map();
    this.body.replaceChildren();
    this.lastFrame = -1;
  }

  show(stages, frame) {
    const isNew = frame !== this.lastFrame;
    this.lastFrame = frame;
    for (const stage of stages) {
      const row = this.rows.get(stage.name) ?? this.addRow(stage.name);
      if (isNew) {
        row.values.push(stage.lastMs);
        if (row.values.length > KEPT) row.values.shift();
        row.line.setAttribute("d", line(row.values, stage.p99Ms));
      }
      row.figures[0].textContent = stage.lastMs.toFixed(1);
      row.figures[1].textContent = stage.p50Ms.toFixed(1);
      row.figures[2].textContent = stage.p99Ms.toFixed(1);
    }
  }

  addRow(name) {
    const tr = document.createElement("tr");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${KEPT - 1} 24`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    svg.append(path);
    const cells = Array.from({ length: 5 }, () => document.createElement("td"));
    cells[0].textContent = name;
    cells[1].className = "trend";
    cells[1].append(svg);
    tr.append(...cells);
    this.body.append(tr);
    const row = { line: path, values: [], figures: cells.slice(2) };
    this.rows.set(name, row);
    return row;
  }
}

/** The newest value at the right; the height is the 99th percentile and a little more. */
function line(values, p99Ms) {
  const top = 1.25 * Math.max(p99Ms, 1e-3);
  return values
    .map((ms, i) => {
      const x = KEPT - values.length + i;
      const y = 22.5 - 21 * Math.min(1, ms / top);
      return `${i === 0 ? "M" : "L"}${x} ${y.toFixed(2)}`;
    })
    .join("");
}
