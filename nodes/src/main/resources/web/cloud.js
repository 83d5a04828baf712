// Points in 3-D, splatted into a z-buffer on a plain canvas. A hundred thousand points take a few
// milliseconds, and unlike WebGL it draws the same on a machine without a graphics processor.
import { lowToHigh, pack, themeColour } from "./colour.js";
import { followBox, listen } from "./gestures.js";

const SKY = 0xffff;
const MOVING = 255;
const FOCAL = 1.1; // focal length over the canvas' height
const MAX_SPLAT = 24;
const TURN_SHARE = 0.06; // how much of the camera's turn the eye follows with each frame
const CUT_AWAY = 0.55; // when following, what stands between eye and camera is left out

export class CloudView {
  constructor(canvas, path) {
    this.canvas = canvas;
    this.path = path;
    this.yaw = Math.PI + 0.5; // where the eye stands, seen from the target; 0 is ahead of heading
    this.heading = 0;
    this.pitch = 0.55;
    this.distance = 6;
    this.target = [0, 0, 0];
    this.following = true;
    this.showPoints = true;
    this.showVoxels = true;
    this.clear();
    this.sampler = document.createElement("canvas");
    followBox(canvas, () => this.draw());
    listen(canvas, (dx, dy) => this.orbit(dx, dy), (factor) => this.zoom(factor));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.draw());
  }

  clear() {
    this.points = { count: 0, xyz: new Float32Array(0), colour: new Uint32Array(0), edge: 0 };
    this.voxels = { count: 0, xyz: new Float32Array(0), colour: new Uint32Array(0), edge: 0 };
    this.frame = null;
  }

  orbit(dx, dy) {
    this.yaw -= dx * 0.008;
    this.pitch = Math.min(1.55, Math.max(-0.4, this.pitch + dy * 0.008));
    this.draw();
  }

  zoom(factor) {
    this.zoomed = true;
    this.distance = Math.min(1e4, Math.max(1e-2, this.distance / factor));
    this.draw();
  }

  follow(on) {
    this.following = on;
    this.zoomed = false;
    this.draw();
  }

  /** Lifts every pixel with a depth into odom, coloured by the picture. */
  setFrame(depth, motion, bitmap) {
    const { width, height, steps, unitsPerStep, fx, fy, cx, cy, pose: T } = depth;
    const colours = this.sample(bitmap, width, height);
    const cloud = this.points;
    if (cloud.colour.length < steps.length) {
      cloud.xyz = new Float32Array(3 * steps.length);
      cloud.colour = new Uint32Array(steps.length);
    }
    const furthest = (2 * depth.far) / unitsPerStep;
    let n = 0;
    for (let v = 0, i = 0; v < height; v++) {
      const b = (v - cy) / fy;
      for (let u = 0; u < width; u++, i++) {
        const step = steps[i];
        if (step === 0 || step === SKY || step > furthest) continue;
        const z = step * unitsPerStep;
        const x = ((u - cx) / fx) * z;
        const y = b * z;
        cloud.xyz[3 * n] = T[0] * x + T[1] * y + T[2] * z + T[3];
        cloud.xyz[3 * n + 1] = T[4] * x + T[5] * y + T[6] * z + T[7];
        cloud.xyz[3 * n + 2] = T[8] * x + T[9] * y + T[10] * z + T[11];
        cloud.colour[n++] = motion?.labels[i] === MOVING ? warm(colours[i]) : colours[i];
      }
    }
    cloud.count = n;
    cloud.edge = (1.3 * depth.near) / fx;
    this.frame = depth;
    this.reach = depth.far;
  }

  sample(bitmap, width, height) {
    this.sampler.width = width;
    this.sampler.height = height;
    const context = this.sampler.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0, width, height);
    return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  }

  setVoxels({ count, edge, x, y, z, index }) {
    const xyz = new Float32Array(3 * count);
    const colour = new Uint32Array(count);
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      xyz[3 * i] = x + edge * index[3 * i];
      xyz[3 * i + 1] = y + edge * index[3 * i + 1];
      xyz[3 * i + 2] = z + edge * index[3 * i + 2];
      low = Math.min(low, xyz[3 * i + 2]);
      high = Math.max(high, xyz[3 * i + 2]);
    }
    for (let i = 0; i < count; i++) {
      colour[i] = lowToHigh[Math.round((255 * (xyz[3 * i + 2] - low)) / Math.max(edge, high - low))];
    }
    this.voxels = { count, edge, xyz, colour };
  }

  /** Turns about what is known instead of about the camera. */
  fit() {
    const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    const grow = (x, y, z) => [x, y, z].forEach((c, k) => {
      box[k] = Math.min(box[k], c);
      box[k + 3] = Math.max(box[k + 3], c);
    });
    for (const { count, xyz } of [this.points, this.voxels]) {
      for (let i = 0; i < 3 * count; i += 3) grow(xyz[i], xyz[i + 1], xyz[i + 2]);
    }
    this.path.trace(grow, grow);
    if (box[0] > box[3]) return;
    this.following = false;
    this.zoomed = true;
    this.target = [0, 1, 2].map((k) => (box[k] + box[k + 3]) / 2);
    this.distance = 0.9 * Math.hypot(box[3] - box[0], box[4] - box[1], box[5] - box[2]);
    this.draw();
  }

  aim() {
    if (this.following && this.frame) {
      const T = this.frame.pose;
      const ahead = 0.35 * this.reach;
      this.target = [0, 1, 2].map((k) => T[4 * k + 3] + ahead * T[4 * k + 2]);
      if (!this.zoomed) this.distance = 1.25 * this.reach;
      this.heading += TURN_SHARE * wrapped(Math.atan2(T[6], T[2]) - this.heading);
    }
    const [cp, sp] = [Math.cos(this.pitch), Math.sin(this.pitch)];
    const yaw = this.heading + this.yaw;
    const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
    const toEye = [cp * cy, cp * sy, sp];
    const right = [-sy, cy, 0];
    const down = [sp * cy, sp * sy, -cp];
    const eye = this.target.map((c, k) => c + this.distance * toEye[k]);
    this.axes = { eye, right, down, forward: toEye.map((c) => -c) };
  }

  draw() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    const ground = pack(...themeColour("--well"));
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer).fill(ground);
    this.aim();
    if (this.frame || this.voxels.count) canvas.parentElement.classList.add("drawn");
    const nearness = new Float32Array(pixels.length);
    if (this.showVoxels) this.splat(this.voxels, pixels, nearness);
    if (this.showPoints) this.splat(this.points, pixels, nearness);
    context.putImageData(image, 0, 0);
    this.drawLines(context);
  }

  /** Squares as large as their edge looks, the nearest one of each pixel on top. */
  splat({ count, xyz, colour, edge }, pixels, nearness) {
    const { width, height } = this.canvas;
    const { eye, right, down, forward } = this.axes;
    const f = FOCAL * height;
    const nearest = this.following ? CUT_AWAY * this.distance : 0.01;
    for (let i = 0; i < count; i++) {
      const x = xyz[3 * i] - eye[0];
      const y = xyz[3 * i + 1] - eye[1];
      const z = xyz[3 * i + 2] - eye[2];
      const depth = x * forward[0] + y * forward[1] + z * forward[2];
      if (depth <= nearest) continue;
      const near = 1 / depth;
      const u = width / 2 + f * near * (x * right[0] + y * right[1]);
      const v = height / 2 + f * near * (x * down[0] + y * down[1] + z * down[2]);
      const half = 0.5 * Math.min(MAX_SPLAT, Math.max(1.5, f * near * edge));
      const u1 = Math.min(width, Math.ceil(u + half));
      const v1 = Math.min(height, Math.ceil(v + half));
      for (let row = Math.max(0, Math.ceil(v - half)); row < v1; row++) {
        for (let at = row * width + Math.max(0, Math.ceil(u - half)); at < row * width + u1; at++) {
          if (near > nearness[at]) {
            nearness[at] = near;
            pixels[at] = colour[i];
          }
        }
      }
    }
  }

  project(x, y, z) {
    const { eye, right, down, forward } = this.axes;
    const [a, b, c] = [x - eye[0], y - eye[1], z - eye[2]];
    const depth = a * forward[0] + b * forward[1] + c * forward[2];
    if (depth <= 0.01) return null;
    const f = (FOCAL * this.canvas.height) / depth;
    return [
      this.canvas.width / 2 + f * (a * right[0] + b * right[1]),
      this.canvas.height / 2 + f * (a * down[0] + b * down[1] + c * down[2]),
    ];
  }

  /** Path and camera lie on top of the points, so that they are never hidden. */
  drawLines(context) {
    const style = getComputedStyle(document.documentElement);
    const ratio = this.canvas.width / Math.max(1, this.canvas.clientWidth);
    let pen = false;
    const to = (x, y, z) => {
      const p = this.project(x, y, z);
      if (p) context[pen ? "lineTo" : "moveTo"](...p);
      pen = p !== null;
    };
    const move = (...p) => {
      pen = false;
      to(...p);
    };
    context.lineJoin = "round";
    context.beginPath();
    this.path.trace(move, to);
    context.lineWidth = 2 * ratio;
    context.strokeStyle = style.getPropertyValue("--accent");
    context.stroke();
    if (!this.frame) return;
    context.beginPath();
    const corners = this.frustum();
    for (let k = 0; k < 4; k++) {
      move(...corners[4]);
      to(...corners[k]);
      to(...corners[(k + 1) % 4]);
    }
    context.lineWidth = 1.6 * ratio;
    context.strokeStyle = style.getPropertyValue("--moving");
    context.stroke();
  }

  frustum() {
    const { width, height, fx, fy, cx, cy, pose: T } = this.frame;
    const z = 0.12 * this.reach;
    const lift = (u, v, d) => {
      const p = [((u - cx) / fx) * d, ((v - cy) / fy) * d, d];
      return [0, 1, 2].map((k) => T[4 * k] * p[0] + T[4 * k + 1] * p[1] + T[4 * k + 2] * p[2] + T[4 * k + 3]);
    };
    return [lift(0, 0, z), lift(width, 0, z), lift(width, height, z), lift(0, height, z), lift(0, 0, 0)];
  }
}

function wrapped(angle) {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function warm(colour) {
  const r = colour & 255;
  const g = (colour >> 8) & 255;
  const b = (colour >> 16) & 255;
  return pack((r + 255) >> 1, (g + 140) >> 1, (b + 40) >> 1);
}
