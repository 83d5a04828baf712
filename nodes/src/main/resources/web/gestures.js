// Drag, wheel and keys on a canvas, the same for the view from above and the one in 3-D.

const KEYS = {
  ArrowLeft: [-24, 0], ArrowRight: [24, 0], ArrowUp: [0, -24], ArrowDown: [0, 24],
};

/** Calls onDrag(dx, dy) in CSS pixels and onZoom(factor, event), factor over 1 to come closer. */
export function listen(canvas, onDrag, onZoom) {
  const pointers = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  const release = (event) => pointers.delete(event.pointerId);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointermove", (event) => {
    const from = pointers.get(event.pointerId);
    if (!from) return;
    const spread = separation(pointers);
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size === 1) {
      onDrag(event.clientX - from[0], event.clientY - from[1]);
    } else if (spread > 0) {
      onZoom(separation(pointers) / spread, event);
    }
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    onZoom(Math.exp(-event.deltaY * 0.0015), event);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (KEYS[event.key]) {
      onDrag(...KEYS[event.key]);
    } else if (event.key === "+" || event.key === "=") {
      onZoom(1.2);
    } else if (event.key === "-") {
      onZoom(1 / 1.2);
    } else {
      return;
    }
    event.preventDefault();
  });
}

function separation(pointers) {
  const [a, b] = pointers.values();
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
}

/** Keeps a canvas as large as its box, in device pixels; calls onChange after each change. */
export function followBox(canvas, onChange) {
  new ResizeObserver(() => {
    const ratio = Math.min(devicePixelRatio, 2);
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    onChange();
  }).observe(canvas);
}
