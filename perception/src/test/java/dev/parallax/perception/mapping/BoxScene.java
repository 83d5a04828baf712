package dev.parallax.perception.mapping;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/** A world of axis-aligned solid boxes in odom and its exact depth pictures. */
final class BoxScene {
  private final List<double[]> boxes = new ArrayList<>();

  BoxScene box(double x0, double y0, double z0, double x1, double y1, double z1) {
    boxes.add(new double[] {x0, y0, z0, x1, y1, z1});
    return this;
  }

  /** A camera looking along x of odom turned by yaw (left positive) and pitch (down positive). */
  static Se3 pose(double xM, double yM, double zM, double yawRad, double pitchRad) {
    Se3 T_body_cam = Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);
    Se3 yaw = Se3.exp(new double[] {0, 0, 0, 0, 0, yawRad});
    Se3 pitch = Se3.exp(new double[] {0, 0, 0, 0, pitchRad, 0});
    return Se3.ofTranslation(xM, yM, zM).times(yaw).times(pitch).times(T_body_cam);
  }

  /** Depth along the optical axis of what each pixel's ray meets first, +Inf for nothing. */
  float[] depth(PinholeCamera camera, Se3 T_odom_cam) {
    float[] depthM = new float[camera.width() * camera.height()];
    double[] from = T_odom_cam.translation();
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        double x = (u - camera.cx()) / camera.fx();
        double y = (v - camera.cy()) / camera.fy();
        double[] end = T_odom_cam.transform(x, y, 1);
        double nearest = Double.POSITIVE_INFINITY;
        for (double[] box : boxes) {
          nearest = Math.min(nearest, entry(box, from, end));
        }
        depthM[v * camera.width() + u] = (float) nearest;
      }
    }
    return depthM;
  }

  /** Where the ray from {@code from} through {@code end} (at 1) enters a box: the slab method. */
  private static double entry(double[] box, double[] from, double[] end) {
    double near = 0;
    double far = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      double direction = end[axis] - from[axis];
      double a = (box[axis] - from[axis]) / direction;
      double b = (box[axis + 3] - from[axis]) / direction;
      if (direction == 0) {
        if (from[axis] < box[axis] || from[axis] > box[axis + 3]) {
          return Double.POSITIVE_INFINITY;
        }
        continue;
      }
      near = Math.max(near, Math.min(a, b));
      far = Math.min(far, Math.max(a, b));
    }
    return near > 0 && near <= far ? near : Double.POSITIVE_INFINITY;
  }
}
