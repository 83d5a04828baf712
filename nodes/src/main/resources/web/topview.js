// Path and occupancy grid from above: odom's x (forward) is up, y (left) is left.
import { figure, pack, themeColour } from "./colour.js";
import { followBox, listen } from "./gestures.js";

const FOLLOW_SPAN = 8; // as many times the depth's near distance across the view when following

export class TopView {
  constructor(canvas, path, sizeLabel) {
    this.canvas = canvas;
    this.path = path;
    this.sizeLabel = sizeLabel;
    this.gridCanvas = document.createElement("canvas");
    this.centre = [0, 0];
    this.scale = 40; // device pixels a unit
    this.mode = "fit";
    this.unit = "";
    followBox(canvas, () => this.draw());
    listen(canvas, (dx, dy) => this.drag(dx, dy), (factor) => this.zoom(factor));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => {
      if (this.grid) this.setGrid(this.grid);
      this.draw();
    });
  }

  drag(dx, dy) {
    this.setMode("free");
    const ratio = this.canvas.width / this.canvas.clientWidth;
    this.centre[0] += (dy * ratio) / this.scale;
    this.centre[1] += (dx * ratio) / this.scale;
    this.draw();
  }

  zoom(factor) {
    if (this.mode === "fit") this.setMode("free");
    this.scale = Math.min(1e5, Math.max(1e-3, this.scale * factor));
    this.draw();
  }

  setMode(mode) {
    this.mode = mode;
    this.onMode?.(mode);
    this.draw();
  }

  setGrid(grid) {
    this.grid = grid;
    const { width, height, cells } = grid;
    this.gridCanvas.width = width;
    this.gridCanvas.height = height;
    const context = this.gridCanvas.getContext("2d");
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const free = themeColour("--free");
    const occupied = themeColour("--occupied");
    const shades = Array.from({ length: 101 }, (_, p) =>
      pack(...free.map((c, i) => Math.round(c + ((occupied[i] - c) * p) / 100))));
    for (let row = 0, i = 0; row < height; row++) {
      // Grid x is forward, so up the screen; grid y is left, so left on the screen.
      for (let column = 0; column < width; column++, i++) {
        pixels[i] = cells[i] < 0 ? 0 : shades[cells[i]];
      }
    }
    context.putImageData(image, 0, 0);
    this.sizeLabel.textContent = `${figure(grid.cell)} ${this.unit} cells`;
  }

  clear() {
    this.grid = null;
    this.pose = null;
    this.sizeLabel.textContent = "";
  }

  bounds() {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const grow = (x, y) => {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    };
    this.path.trace(grow, grow);
    if (this.grid) {
      const { x, y, width, height, cell } = this.grid;
      grow(x, y);
      grow(x + width * cell, y + height * cell);
    }
    return box[0] <= box[2] ? box : null;
  }

  aim() {
    const box = this.bounds();
    if (this.mode === "follow" && this.pose) {
      this.centre = [this.pose[3], this.pose[7]];
    } else if (this.mode === "fit" && box) {
      this.centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      const least = this.near ?? 0.01; // a path of no length must not be zoomed without end
      const { width, height } = this.canvas;
      this.scale = 0.86 * Math.min(
        height / Math.max(box[2] - box[0], least), width / Math.max(box[3] - box[1], least));
    }
  }

  follow() {
    this.scale = Math.min(this.canvas.width, this.canvas.height) / (FOLLOW_SPAN * (this.near ?? 1));
    this.setMode("follow");
  }

  screen(x, y) {
    return [
      this.canvas.width / 2 - (y - this.centre[1]) * this.scale,
      this.canvas.height / 2 - (x - this.centre[0]) * this.scale,
    ];
  }

  draw() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    this.ratio = canvas.width / Math.max(1, canvas.clientWidth);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (this.path.count === 0 && !this.grid) return;
    canvas.parentElement.classList.add("drawn");
    this.aim();
    if (this.grid) this.drawGrid(context);
    this.drawPath(context);
    if (this.pose) this.drawCamera(context);
    this.drawScaleBar(context);
  }

  drawGrid(context) {
    const { x, y, cell } = this.grid;
    const [left, top] = this.screen(x, y);
    const s = this.scale * cell;
    // Canvas column grows with grid x, row with grid y: turn that to x up and y left.
    context.setTransform(0, -s, -s, 0, left, top);
    context.imageSmoothingEnabled = s < 1;
    context.drawImage(this.gridCanvas, 0, 0);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  drawPath(context) {
    context.beginPath();
    this.path.trace(
      (x, y) => context.moveTo(...this.screen(x, y)),
      (x, y) => context.lineTo(...this.screen(x, y)));
    context.lineWidth = 2.2 * this.ratio;
    context.lineJoin = context.lineCap = "round";
    context.strokeStyle = css("--accent");
    context.stroke();
  }

  drawCamera(context) {
    const [u, v] = this.screen(this.pose[3], this.pose[7]);
    const angle = Math.atan2(-this.pose[2], -this.pose[6]); // optical z axis, on the screen
    const size = 9 * this.ratio;
    context.save();
    context.translate(u, v);
    context.rotate(angle);
    context.beginPath();
    context.moveTo(1.3 * size, 0);
    context.lineTo(-0.8 * size, 0.75 * size);
    context.lineTo(-0.35 * size, 0);
    context.lineTo(-0.8 * size, -0.75 * size);
    context.closePath();
    context.fillStyle = css("--moving");
    context.strokeStyle = css("--well");
    context.lineWidth = 1.5 * this.ratio;
    context.fill();
    context.stroke();
    context.restore();
  }

  drawScaleBar(context) {
    const want = (90 * this.ratio) / this.scale;
    const power = 10 ** Math.floor(Math.log10(want));
    const length = power * [5, 2, 1].find((m) => m * power <= want);
    const pixels = length * this.scale;
    const left = 14 * this.ratio;
    const base = this.canvas.height - 14 * this.ratio;
    context.fillStyle = css("--panel");
    context.globalAlpha = 0.8;
    context.fillRect(left - 6 * this.ratio, base - 24 * this.ratio,
      Math.max(pixels, 70 * this.ratio) + 12 * this.ratio, 31 * this.ratio);
    context.globalAlpha = 1;
    context.fillStyle = css("--text");
    context.fillRect(left, base - 3 * this.ratio, pixels, 3 * this.ratio);
    context.font = `${12 * this.ratio}px system-ui, sans-serif`;
    context.fillText(`${Number(length.toPrecision(1))} ${this.unit}`, left, base - 8 * this.ratio);
  }
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}
