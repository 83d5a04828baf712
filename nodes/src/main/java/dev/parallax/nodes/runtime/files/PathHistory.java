package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/** Where the camera was, seen from above in odom. Not thread-safe. */
final class PathHistory {
  private double[] xM = new double[256];
  private double[] yM = new double[256];
  private int size;

  void add(Se3 T_odom_cam) {
    if (size == xM.length) {
      xM = Arrays.copyOf(xM, 2 * size);
      yM = Arrays.copyOf(yM, 2 * size);
    }
    xM[size] = T_odom_cam.tx();
    yM[size] = T_odom_cam.ty();
    size++;
  }

  double[] xM() {
    return Arrays.copyOf(xM, size);
  }

  double[] yM() {
    return Arrays.copyOf(yM, size);
  }
}
