// The path so far, as the node sends it piece by piece: x, y, z in odom, NaN where it breaks.

export class Path {
  constructor() {
    this.points = new Float32Array(3 * 1024);
    this.count = 0;
  }

  /** Takes a piece that starts at point `first`; 0 replaces everything. */
  add({ first, points }) {
    const count = first + points.length / 3;
    if (this.points.length < 3 * count) {
      const larger = new Float32Array(6 * count);
      larger.set(this.points);
      this.points = larger;
    }
    this.points.set(points, 3 * first);
    this.count = count;
  }

  /** Calls move(x, y, z) at each start and line(x, y, z) at each further point. */
  trace(move, line) {
    let open = false;
    for (let i = 0; i < 3 * this.count; i += 3) {
      const x = this.points[i];
      if (Number.isNaN(x)) {
        open = false;
      } else {
        (open ? line : move)(x, this.points[i + 1], this.points[i + 2]);
        open = true;
      }
    }
  }
}
