// The three pictures of a frame: camera picture with what moves tinted, depth, scene flow.
import { figure, hue, nearToFar, pack, themeColour } from "./colour.js";

const MOVING = 255;
const UNKNOWN_VELOCITY = -128;
const SKY = 0xffff;
const LEAST_RIM = 0.5; // slower than this is mostly noise and should not light up
const TABLE_HALF = 64;
const TABLE = 2 * TABLE_HALF + 1;

function fit(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  canvas.parentElement.classList.add("drawn");
  return canvas.getContext("2d");
}

/** Pixels of an ImageData as packed colours. */
function pixelsOf(image) {
  return new Uint32Array(image.data.buffer);
}

export class PictureView {
  constructor(canvas, tint, share) {
    this.canvas = canvas;
    this.tint = tint;
    this.share = share;
    this.overlay = document.createElement("canvas");
    tint.addEventListener("change", () => this.last && this.draw(...this.last));
  }

  draw(bitmap, motion) {
    this.last = [bitmap, motion];
    const context = fit(this.canvas, bitmap.width, bitmap.height);
    context.drawImage(bitmap, 0, 0);
    if (motion) {
      const moving = this.mask(motion);
      this.share.textContent = `${((100 * moving) / motion.labels.length).toFixed(1)} % of pixels`;
      if (this.tint.checked && moving) {
        context.imageSmoothingEnabled = false;
        context.drawImage(this.overlay, 0, 0, bitmap.width, bitmap.height);
      }
    } else {
      this.share.textContent = "";
    }
  }

  /** Fills the overlay; answers how many pixels move. */
  mask(motion) {
    const context = fitOverlay(this.overlay, motion.width, motion.height);
    const image = context.createImageData(motion.width, motion.height);
    const pixels = pixelsOf(image);
    const tint = (pack(255, 140, 40) & 0x00ffffff) | 0x8c000000;
    let moving = 0;
    for (let i = 0; i < pixels.length; i++) {
      if (motion.labels[i] === MOVING) {
        pixels[i] = tint;
        moving++;
      }
    }
    context.putImageData(image, 0, 0);
    return moving;
  }
}

function fitOverlay(canvas, width, height) {
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d");
}

/** Where the pointer is on a canvas, as an index into a field of that size; -1 if outside. */
function probe(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const u = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
  const v = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
  const inside = u >= 0 && v >= 0 && u < canvas.width && v < canvas.height;
  return inside ? v * canvas.width + u : -1;
}

export class DepthView {
  constructor(canvas, legend, output) {
    this.canvas = canvas;
    this.legend = legend;
    this.drawRamp();
    canvas.addEventListener("pointerleave", () => (output.textContent = ""));
    canvas.addEventListener("pointermove", (event) => {
      const steps = this.depth?.steps[probe(canvas, event)];
      output.textContent =
        steps === undefined ? ""
        : steps === 0 ? "unknown"
        : steps === SKY ? "sky"
        : `${figure(steps * this.depth.unitsPerStep)} ${this.unit}`;
    });
  }

  drawRamp() {
    const context = this.legend.ramp.getContext("2d");
    const image = context.createImageData(256, 1);
    pixelsOf(image).set(nearToFar);
    context.putImageData(image, 0, 0);
  }

  draw(depth, unit) {
    this.unit = unit;
    this.depth = depth;
    this.settle(depth);
    const context = fit(this.canvas, depth.width, depth.height);
    const image = context.createImageData(depth.width, depth.height);
    const pixels = pixelsOf(image);
    const logNear = Math.log(this.near / depth.unitsPerStep);
    const perLog = 255 / Math.max(1e-6, Math.log(this.far / this.near));
    for (let i = 0; i < pixels.length; i++) {
      const steps = depth.steps[i];
      if (steps !== 0) {
        const t = (Math.log(steps) - logNear) * perLog;
        pixels[i] = nearToFar[t <= 0 ? 0 : t >= 255 ? 255 : t | 0];
      }
    }
    context.putImageData(image, 0, 0);
    this.legend.near.textContent = figure(this.near);
    this.legend.far.textContent = figure(this.far);
    this.legend.unit.textContent = unit;
  }

  /** The colours' range follows the depth slowly: a legend that jumps cannot be read. */
  settle(depth) {
    const near = Math.max(depth.near, depth.unitsPerStep);
    const far = Math.max(depth.far, near * 1.01);
    const pull = this.near ? 0.1 : 1;
    this.near = (this.near ?? 0) + pull * (near - (this.near ?? 0));
    this.far = (this.far ?? 0) + pull * (far - (this.far ?? 0));
  }
}

function index(velocity, scale) {
  return Math.max(0, Math.min(TABLE - 1, Math.round(velocity * scale) + TABLE_HALF));
}

export class MotionView {
  constructor(canvas, wheel, top, output) {
    this.canvas = canvas;
    this.wheel = wheel;
    this.top = top;
    canvas.addEventListener("pointerleave", () => (output.textContent = ""));
    canvas.addEventListener("pointermove", (event) => {
      const i = probe(canvas, event);
      const motion = this.motion;
      if (!motion || i < 0) return;
      output.textContent =
        motion.right[i] === UNKNOWN_VELOCITY ? "unknown"
        : `${figure(Math.hypot(motion.right[i], motion.away[i]) * motion.speedPerStep)} ${this.unit}/s`;
    });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.retint());
    this.retint();
  }

  retint() {
    // Still things take the colour of the panel's ground, black or white, and speed adds colour.
    this.ground = themeColour("--well")[0] > 128 ? 245 : 12;
    this.tabulate();
    const side = this.wheel.width;
    const context = this.wheel.getContext("2d");
    const image = context.createImageData(side, side);
    const pixels = pixelsOf(image);
    const radius = side / 2;
    for (let i = 0; i < pixels.length; i++) {
      const x = ((i % side) + 0.5 - radius) / radius;
      const y = (radius - Math.floor(i / side) - 0.5) / radius;
      const r = Math.hypot(x, y);
      if (r <= 1) pixels[i] = this.colour(x, y, r);
    }
    context.putImageData(image, 0, 0);
    if (this.motion) this.draw(this.motion, this.unit);
  }

  colour(right, away, strength) {
    return hue(Math.atan2(away, right) / (2 * Math.PI) + 1, Math.min(1, strength), this.ground);
  }

  /** The wheel as a table over right and away from -1 to 1: a look-up a pixel is fast enough. */
  tabulate() {
    this.table = new Uint32Array(TABLE * TABLE);
    for (let i = 0; i < this.table.length; i++) {
      const right = (i % TABLE) / TABLE_HALF - 1;
      const away = Math.floor(i / TABLE) / TABLE_HALF - 1;
      this.table[i] = this.colour(right, away, Math.hypot(right, away));
    }
  }

  draw(motion, unit) {
    this.motion = motion;
    this.unit = unit;
    const context = fit(this.canvas, motion.width, motion.height);
    const image = context.createImageData(motion.width, motion.height);
    const pixels = pixelsOf(image);
    const scale = TABLE_HALF / this.settle(motion);
    for (let i = 0; i < pixels.length; i++) {
      const right = motion.right[i];
      const away = motion.away[i];
      if (right !== UNKNOWN_VELOCITY && away !== UNKNOWN_VELOCITY) {
        pixels[i] = this.table[index(away, scale) * TABLE + index(right, scale)];
      }
    }
    context.putImageData(image, 0, 0);
    this.top.textContent = `rim ${figure(this.rim)} ${unit}/s`;
  }

  /** The speed at the wheel's rim, slowly following the fastest; answers it in steps. */
  settle(motion) {
    const fastest = Math.max(127 * motion.speedPerStep, LEAST_RIM);
    this.rim = this.rim ? this.rim + 0.1 * (fastest - this.rim) : fastest;
    return this.rim / motion.speedPerStep;
  }
}
