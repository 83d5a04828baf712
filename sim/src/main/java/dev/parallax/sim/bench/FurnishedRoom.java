package dev.parallax.sim.bench;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/**
 * Exact depth of an 8 x 6 x 2.6 m room with a table, a shelf, a box and two posts, fast enough to
 * make benchmark input from: rays against axis-aligned boxes. The floor is at z = 0.
 */
final class FurnishedRoom {
  private static final double[][] SOLIDS = {
    {-4.5, -3.5, -0.5, 4.5, 3.5, 0}, // floor
    {-4.5, -3.5, 2.6, 4.5, 3.5, 3}, // ceiling
    {4, -3.5, -0.5, 4.5, 3.5, 3},
    {-4.5, -3.5, -0.5, -4, 3.5, 3},
    {-4.5, 3, -0.5, 4.5, 3.5, 3},
    {-4.5, -3.5, -0.5, 4.5, -3, 3},
    {1.2, -0.6, 0.7, 2.4, 0.6, 0.76}, // table top and legs
    {1.24, -0.56, 0, 1.3, -0.5, 0.7},
    {1.24, 0.5, 0, 1.3, 0.56, 0.7},
    {2.3, -0.56, 0, 2.36, -0.5, 0.7},
    {2.3, 0.5, 0, 2.36, 0.56, 0.7},
    {3.6, -2.9, 0, 4, -1.2, 1.9}, // shelf
    {-2.6, 1.5, 0, -1.9, 2.1, 0.6}, // box
    {-0.5, -2.2, 0, -0.46, -2.16, 2.6}, // posts
    {0.3, 2.4, 0, 0.5, 2.6, 2.6},
  };

  private FurnishedRoom() {}

  /** A camera 1.1 m up on an ellipse through the room, looking along its path and a little down. */
  static Se3 pose(int frame, int framesPerRound) {
    double phase = 2 * Math.PI * frame / framesPerRound;
    Se3 position = Se3.ofTranslation(2.2 * Math.sin(phase) - 1, -1.5 * Math.cos(phase), 1.1);
    double yaw = Math.atan2(1.5 * Math.sin(phase), 2.2 * Math.cos(phase));
    Se3 turn = Se3.exp(new double[] {0, 0, 0, 0, 0, yaw});
    Se3 tilt = Se3.exp(new double[] {0, 0, 0, 0, 0.15, 0});
    Se3 T_body_cam = Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);
    return position.times(turn).times(tilt).times(T_body_cam);
  }

  /** {@code [height width]} depth along the optical axis. */
  static float[] depth(PinholeCamera camera, Se3 T_odom_cam) {
    float[] depthM = new float[camera.width() * camera.height()];
    double[] from = T_odom_cam.translation();
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        double x = (u - camera.cx()) / camera.fx();
        double y = (v - camera.cy()) / camera.fy();
        double[] through = T_odom_cam.transform(x, y, 1);
        double nearest = Double.POSITIVE_INFINITY;
        for (double[] solid : SOLIDS) {
          nearest = Math.min(nearest, entry(solid, from, through));
        }
        depthM[v * camera.width() + u] = (float) nearest;
      }
    }
    return depthM;
  }

  /** Where the ray from {@code from} (0) through {@code through} (1) enters a box: slabs. */
  private static double entry(double[] box, double[] from, double[] through) {
    double near = 0;
    double far = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      double perUnit = 1 / (through[axis] - from[axis]);
      double a = (box[axis] - from[axis]) * perUnit;
      double b = (box[axis + 3] - from[axis]) * perUnit;
      near = Math.max(near, Math.min(a, b));
      far = Math.min(far, Math.max(a, b));
    }
    return near <= far ? near : Double.POSITIVE_INFINITY;
  }
}
