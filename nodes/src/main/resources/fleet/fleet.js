// One card a camera and group of nodes, and the table of what a shadow does otherwise. The whole
// state is asked for once a second; pictures of depth only for cards that are in view.
import { figure, nearToFar } from "./colour.js";

const EVERY_MS = 1000;
const OLD_S = 5; // without a result for so long a camera is marked
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

const cards = new Map();
const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) target.isInView = isIntersecting;
});

async function refresh() {
  try {
    const answer = await fetch("api/fleet");
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.json());
    link("up", "live");
    await Promise.all([...cards.values()].map((card) => card.drawDepth()));
  } catch {
    link("down", "reconnecting");
  }
  setTimeout(refresh, EVERY_MS);
}

function link(state, text) {
  $("connection").dataset.link = state;
  set($("connection"), text);
}

function show(view) {
  set($("source"), `results at ${view.broker}`);
  $("trouble").hidden = !view.trouble;
  set($("trouble"), view.trouble ?? "");
  const told = view.cameras ?? [];
  const nodes = new Set(told.map((camera) => camera.node)).size;
  set($("total"), told.length === 0 ? "no cameras"
    : `${count(told.length, "camera")} · ${count(nodes, "node")}`);
  $("empty").hidden = told.length > 0;
  for (const camera of told) {
    const key = `${camera.namespace}/${camera.camera}`;
    if (!cards.has(key)) {
      cards.set(key, new Card(camera));
      inView.observe(cards.get(key).root);
      $("cards").append(cards.get(key).root);
    }
    cards.get(key).show(camera);
  }
  showShadows(view.shadows ?? []);
}

function showShadows(shadows) {
  $("shadows").hidden = shadows.length === 0;
  if (shadows.length === 0) return;
  set($("shadow-names"), `${shadows[0].shadow} held against ${shadows[0].namespace}`);
  $("shadow-rows").replaceChildren(...shadows.map((s) => {
    const row = document.createElement("tr");
    row.dataset.camera = s.camera;
    const cells = [
      s.camera,
      s.frames.toLocaleString("en") + (s.unmatched ? ` (+${s.unmatched})` : ""),
      percent(s.bothPublished),
      percent(s.poseDrift),
      known(s.poseDriftDeg, (v) => `${v.toFixed(2)}°`),
      percent(s.depthDisagreement),
      known(s.depthRatio, figure),
      `${known(s.taePercent, figure)} | ${known(s.shadowTaePercent, figure)}`,
      `${known(s.nodeMs, (v) => v.toFixed(1))} | ${known(s.shadowNodeMs, (v) => v.toFixed(1))}`,
    ];
    row.append(...cells.map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }));
    return row;
  }));
}

class Card {
  constructor({ namespace, camera }) {
    this.address = new URLSearchParams({ namespace, camera });
    this.root = element("article", "card");
    this.root.dataset.camera = camera;
    this.root.dataset.namespace = namespace;
    this.outcome = element("span", "outcome");
    const head = document.createElement("header");
    head.append(element("h2", "", camera), this.outcome);
    this.who = element("p", "who muted");
    const views = element("div", "views");
    this.depth = document.createElement("canvas");
    this.depth.setAttribute("role", "img");
    this.depth.setAttribute("aria-label", `Depth of ${camera}, near is red`);
    this.way = document.createElementNS(SVG, "path");
    const map = document.createElementNS(SVG, "svg");
    map.setAttribute("role", "img");
    map.setAttribute("aria-label", `Way of ${camera} from above`);
    map.append(this.way);
    this.map = map;
    views.append(this.depth, map);
    this.figures = document.createElement("dl");
    this.values = ["frames / s", "ms p50", "ms p99", "takeovers"].map((name) => {
      const cell = document.createElement("div");
      const value = document.createElement("dd");
      cell.append(element("dt", "", name), value);
      this.figures.append(cell);
      return value;
    });
    this.why = element("p", "why muted");
    this.root.append(head, this.who, views, this.figures, this.why);
  }

  show(camera) {
    this.hasDepth = camera.hasDepth;
    const old = camera.secondsSinceFrame > OLD_S;
    this.root.classList.toggle("old", old);
    this.outcome.dataset.outcome = camera.state;
    set(this.outcome, camera.state.toLowerCase().replace("_", " "));
    set(this.who, `${camera.namespace} · ${camera.node} · model ${camera.model || "not told"}`);
    [camera.perSecond.toFixed(1), known(camera.nodeP50Ms, (v) => v.toFixed(1)),
      known(camera.nodeP99Ms, (v) => v.toFixed(1)), String(camera.takeovers)]
      .forEach((text, i) => set(this.values[i], text));
    const counts = Object.entries(camera.outcomes)
      .map(([name, n]) => `${n.toLocaleString("en")} ${name.toLowerCase().replace("_", " ")}`)
      .join(", ");
    const age = old ? ` · last result ${Math.round(camera.secondsSinceFrame)} s ago` : "";
    set(this.why, counts + age + (camera.trouble ? ` · ${camera.trouble}` : ""));
    this.drawWay(camera.path ?? []);
  }

  /** From above: odom's x points up, y to the left. */
  drawWay(path) {
    if (path.length === 0) {
      this.way.removeAttribute("d");
      return;
    }
    const xs = path.map(([, y]) => -y);
    const ys = path.map(([x]) => -x);
    const edge = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys), 1e-3);
    const left = (Math.max(...xs) + Math.min(...xs) - 1.2 * edge) / 2;
    const top = (Math.max(...ys) + Math.min(...ys) - 1.2 * edge) / 2;
    this.map.setAttribute("viewBox", `${left} ${top} ${1.2 * edge} ${1.2 * edge}`);
    this.way.setAttribute("d", xs.map((x, i) => `${i ? "L" : "M"}${x} ${ys[i]}`).join(""));
  }

  async drawDepth() {
    if (!this.hasDepth || !this.root.isInView) return;
    const answer = await fetch(`api/fleet/depth?${this.address}`);
    if (!answer.ok) return;
    const view = new DataView(await answer.arrayBuffer());
    const width = view.getUint16(0, true);
    const height = view.getUint16(2, true);
    this.depth.width = width;
    this.depth.height = height;
    const context = this.depth.getContext("2d");
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) {
      const level = view.getUint8(4 + i);
      if (level > 0) pixels[i] = nearToFar[level];
    }
    context.putImageData(image, 0, 0);
  }
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function known(value, write) {
  return value === null || value === undefined ? "–" : write(value);
}

function percent(share) {
  return known(share, (v) => `${(100 * v).toFixed(1)} %`);
}

/** Leaves the text alone if it is the same: a screen reader reads every change. */
function set(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

refresh();
