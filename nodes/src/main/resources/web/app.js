// Joins the connection to the views. State (path, map, figures) is taken in as it arrives; drawing
// waits for the next animation frame, and only what was drawn is acknowledged, so that the node
// sends no more than this browser can show.
import { CloudView } from "./cloud.js";
import { DepthView, MotionView, PictureView } from "./fields.js";
import { Connection } from "./connection.js";
import { LatencyTable } from "./latency.js";
import { Path } from "./path.js";
import { StatusView } from "./status.js";
import { TopView } from "./topview.js";

const $ = (id) => document.getElementById(id);

const path = new Path();
const picture = new PictureView($("picture"), $("tint"), $("moving-share"));
const depth = new DepthView($("depth"), {
  ramp: $("depth-ramp"), near: $("depth-near"), far: $("depth-far"), unit: $("depth-unit"),
}, $("depth-probe"));
const motion = new MotionView($("motion"), $("wheel"), $("motion-max"), $("motion-probe"));
const cloud = new CloudView($("cloud"), path);
const above = new TopView($("top"), path, $("map-size"));
const latency = new LatencyTable($("latency"));
const status = new StatusView($);

let unit = "";
let latest = null; // the newest frame not drawn yet
let received = 0; // messages since the last drawing
let scheduled = false;
let paused = false;

async function onMessage(message) {
  received++;
  if (message.status) takeStatus(message.status, message.notSent);
  if (message.path) path.add(message.path);
  if (message.grid) above.setGrid(message.grid);
  if (message.voxels) cloud.setVoxels(message.voxels);
  if (message.picture) {
    latest = { ...message, bitmap: await createImageBitmap(message.picture) };
  }
  schedule();
}

function takeStatus(told, notSent) {
  unit = told.unit;
  above.unit = unit;
  if (status.show(told, notSent)) {
    forget(); // another run of the node: its path and map are not this one's
  }
  latency.show(told.stages, told.frames.in);
}

function forget() {
  latency.clear();
  path.count = 0;
  above.clear();
  cloud.clear();
}

function schedule() {
  if (!scheduled && !paused) {
    scheduled = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  scheduled = false;
  if (paused) return;
  if (latest) {
    const frame = latest;
    latest = null;
    drawFrame(frame);
  }
  above.draw();
  cloud.draw();
  for (; received > 0; received--) connection.send("drawn");
}

function drawFrame(frame) {
  picture.draw(frame.bitmap, frame.motion);
  // Where nothing was estimated, what is left on screen is of an earlier picture: dim it.
  for (const id of ["depth", "motion", "cloud"]) {
    $(id).classList.toggle("stale", !frame.depth);
  }
  if (frame.depth) {
    depth.draw(frame.depth, unit);
    motion.draw(frame.motion, unit);
    above.pose = frame.depth.pose;
    above.near = frame.depth.near;
    cloud.setFrame(frame.depth, frame.motion, frame.bitmap);
  }
}

const connection = new Connection(onMessage, (link) => {
  received = 0;
  status.link(paused ? "paused" : link);
});

function pause(on) {
  paused = on;
  $("pause").textContent = on ? "Resume" : "Pause";
  $("pause").setAttribute("aria-pressed", String(on));
  status.link(on ? "paused" : connection.link);
  if (!on) schedule();
}

$("pause").addEventListener("click", () => pause(!paused));
document.addEventListener("keydown", (event) => {
  if (event.key === " " && (event.target === document.body || event.target.tagName === "CANVAS")) {
    event.preventDefault();
    pause(!paused);
  }
});

$("top-fit").addEventListener("click", () => above.setMode("fit"));
$("top-follow").addEventListener("click", () => above.follow());
above.onMode = (mode) => $("top-follow").setAttribute("aria-pressed", String(mode === "follow"));
$("cloud-fit").addEventListener("click", () => {
  cloud.fit();
  $("cloud-follow").setAttribute("aria-pressed", "false");
});
$("cloud-follow").addEventListener("click", () => {
  cloud.follow(!cloud.following);
  $("cloud-follow").setAttribute("aria-pressed", String(cloud.following));
});
$("cloud-points").addEventListener("change", (event) => {
  cloud.showPoints = event.target.checked;
  cloud.draw();
});
$("cloud-voxels").addEventListener("change", (event) => {
  cloud.showVoxels = event.target.checked;
  cloud.draw();
});

connection.open();
