package dev.parallax.sim.scene;

import java.util.Arrays;

/**
 * Which bodies may stand between a point and the sun. Looking along the light every shadow ray is a
 * point of a plane, so a flat grid over that plane lists for each cell the bodies whose bounding
 * discs touch it. All in the camera's frame, for one instant; read-only once made.
 */
final class LightGrid {
  private static final int CELLS = 160;
  private static final double ABOVE_SURFACE_M = 1e-4;

  private final double[] toSun; // [3]
  private final double[] e1;
  private final double[] e2;
  private final double reachM;
  private final BodyView[][] cells = new BodyView[CELLS * CELLS][];
  private final int[] counts = new int[CELLS * CELLS];

  /**
   * @param toSun {@code [3]} unit direction in the camera's frame
   * @param reachM how far around the camera shadows are drawn
   */
  LightGrid(CameraView view, double[] toSun, double reachM) {
    this.toSun = toSun;
    this.reachM = reachM;
    double[] helper = Math.abs(toSun[0]) < 0.6 ? new double[] {1, 0, 0} : new double[] {0, 1, 0};
    e1 = unit(cross(toSun, helper));
    e2 = cross(toSun, e1);
    for (BodyView body : view.bodies()) {
      if (body.body.castsShadow() && body.nearM < 2 * reachM) {
        enter(body);
      }
    }
  }

  /** Whether something stands between the point (camera frame) and the sun. */
  boolean isShadowed(double x, double y, double z) {
    int column = cell(e1[0] * x + e1[1] * y + e1[2] * z);
    int row = cell(e2[0] * x + e2[1] * y + e2[2] * z);
    if (column < 0 || row < 0 || column >= CELLS || row >= CELLS) {
      return false;
    }
    int at = row * CELLS + column;
    double px = x + ABOVE_SURFACE_M * toSun[0];
    double py = y + ABOVE_SURFACE_M * toSun[1];
    double pz = z + ABOVE_SURFACE_M * toSun[2];
    for (int i = 0; i < counts[at]; i++) {
      if (cells[at][i].blocks(px, py, pz, toSun[0], toSun[1], toSun[2])) {
        return true;
      }
    }
    return false;
  }

  private void enter(BodyView body) {
    double a = e1[0] * body.cx + e1[1] * body.cy + e1[2] * body.cz;
    double b = e2[0] * body.cx + e2[1] * body.cy + e2[2] * body.cz;
    double ha = extent(body, e1);
    double hb = extent(body, e2);
    int left = Math.max(0, cell(a - ha));
    int right = Math.min(CELLS - 1, cell(a + ha));
    int top = Math.max(0, cell(b - hb));
    int bottom = Math.min(CELLS - 1, cell(b + hb));
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        append(row * CELLS + column, body);
      }
    }
  }

  /** Half the length of the body's oriented bounding box along an axis of the camera's frame. */
  private static double extent(BodyView body, double[] axis) {
    double[] h = body.shape.halfExtentsM();
    double x = body.m00 * axis[0] + body.m01 * axis[1] + body.m02 * axis[2];
    double y = body.m10 * axis[0] + body.m11 * axis[1] + body.m12 * axis[2];
    double z = body.m20 * axis[0] + body.m21 * axis[1] + body.m22 * axis[2];
    return Math.abs(x) * h[0] + Math.abs(y) * h[1] + Math.abs(z) * h[2];
  }

  private void append(int at, BodyView body) {
    BodyView[] list = cells[at];
    if (list == null) {
      list = new BodyView[4];
    } else if (counts[at] == list.length) {
      list = Arrays.copyOf(list, 2 * list.length);
    }
    list[counts[at]++] = body;
    cells[at] = list;
  }

  private int cell(double metres) {
    return (int) Math.floor((metres / reachM + 1) * (CELLS / 2.0));
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  private static double[] unit(double[] v) {
    double n = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    return new double[] {v[0] / n, v[1] / n, v[2] / n};
  }
}
