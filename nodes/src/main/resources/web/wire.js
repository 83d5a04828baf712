// Reads the dashboard's binary messages: a 24-byte header, then sections on multiples of 8, all
// little-endian. The layout is described in DashboardMessage.java.

const MAGIC = 0x31584c50; // "PLX1"
const READERS = {
  1: ["status", (view, at, bytes) => JSON.parse(new TextDecoder().decode(at8(view, at, bytes)))],
  2: ["picture", (view, at, bytes) => new Blob([at8(view, at, bytes)], { type: "image/jpeg" })],
  3: ["depth", readDepth],
  4: ["motion", readMotion],
  5: ["path", readPath],
  6: ["grid", readGrid],
  7: ["voxels", readVoxels],
};

/** One message as {sequence, notSent} and whichever sections it has, by name. */
export function decode(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) {
    throw new Error("not a dashboard message: reload the page, the node may be of another version");
  }
  const message = {
    sequence: Number(view.getBigInt64(8, true)),
    notSent: view.getUint32(16, true),
  };
  let at = view.getUint16(4, true);
  for (let left = view.getUint16(6, true); left > 0; left--) {
    const reader = READERS[view.getUint16(at, true)];
    const bytes = view.getUint32(at + 4, true);
    if (reader) {
      message[reader[0]] = reader[1](view, at + 8, bytes);
    }
    at += 8 + ((bytes + 7) & ~7);
  }
  return message;
}

function at8(view, at, bytes) {
  return new Uint8Array(view.buffer, at, bytes);
}

function floats(view, at, count) {
  return Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true));
}

function readDepth(view, at) {
  const width = view.getUint16(at, true);
  const height = view.getUint16(at + 2, true);
  const [unitsPerStep, near, far, fx, fy, cx, cy] = floats(view, at + 4, 7);
  return {
    width, height, unitsPerStep, near, far, fx, fy, cx, cy,
    pose: floats(view, at + 32, 12),
    steps: new Uint16Array(view.buffer, at + 80, width * height),
  };
}

function readMotion(view, at) {
  const width = view.getUint16(at, true);
  const height = view.getUint16(at + 2, true);
  const pixels = width * height;
  return {
    width, height,
    speedPerStep: view.getFloat32(at + 4, true),
    right: new Int8Array(view.buffer, at + 8, pixels),
    away: new Int8Array(view.buffer, at + 8 + pixels, pixels),
    labels: new Uint8Array(view.buffer, at + 8 + 2 * pixels, pixels),
  };
}

function readPath(view, at) {
  const count = view.getUint32(at + 4, true);
  return {
    first: view.getUint32(at, true),
    points: new Float32Array(view.buffer, at + 8, 3 * count),
  };
}

function readGrid(view, at) {
  const width = view.getUint16(at, true);
  const height = view.getUint16(at + 2, true);
  const [cell, x, y] = floats(view, at + 4, 3);
  return { width, height, cell, x, y, cells: new Int8Array(view.buffer, at + 16, width * height) };
}

function readVoxels(view, at) {
  const count = view.getUint32(at, true);
  const [edge, x, y, z] = floats(view, at + 4, 4);
  return { count, edge, x, y, z, index: new Int16Array(view.buffer, at + 24, 3 * count) };
}
