package dev.parallax.sim.training;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/**
 * Where the pixels of one view were found again in another whose pose is known.
 *
 * @param T_other_this in the recording's unit of length
 * @param uv {@code [h w 2]} flow, pixels of the network's answer; NaN where it does not close
 */
record FlowView(Se3 T_other_this, float[] uv) {
  /**
   * Where a pixel goes whose inverse depth is known: {@code (a + rho b)}, homogeneous, with a the
   * turned ray and b the translation, both in pixels.
   *
   * @param camera of the flow's grid
   * @param out receives a, then b, {@code [6]}
   */
  static void homogeneous(Se3 T_other_this, PinholeCamera camera, int u, int v, double[] out) {
    double x = (u - camera.cx()) / camera.fx();
    double y = (v - camera.cy()) / camera.fy();
    for (int k = 0; k < 3; k++) {
      out[k] = T_other_this.r(k, 0) * x + T_other_this.r(k, 1) * y + T_other_this.r(k, 2);
    }
    out[3] = T_other_this.tx();
    out[4] = T_other_this.ty();
    out[5] = T_other_this.tz();
    for (int k = 0; k <= 3; k += 3) {
      out[k] = camera.fx() * out[k] + camera.cx() * out[k + 2];
      out[k + 1] = camera.fy() * out[k + 1] + camera.cy() * out[k + 2];
    }
  }

  /** As seen in a mirror: left and right change places. */
  FlowView mirrored(int width) {
    float[] other = new float[uv.length];
    for (int i = 0; i < uv.length / 2; i++) {
      int from = i / width * width + width - 1 - i % width;
      other[2 * i] = -uv[2 * from];
      other[2 * i + 1] = uv[2 * from + 1];
    }
    double[] rotation = T_other_this.rotation().clone();
    for (int k : new int[] {1, 2, 3, 6}) {
      rotation[k] = -rotation[k];
    }
    double[] t = T_other_this.translation();
    return new FlowView(Se3.of(rotation, new double[] {-t[0], t[1], t[2]}), other);
  }
}
