package dev.parallax.nodes.web;

import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Turns the fields of one frame into sections small enough to send many times a second: fields are
 * thinned to at most {@link #MAX_FIELD_WIDTH} columns and quantised. Stateless.
 */
final class FrameSections {
  static final int MAX_FIELD_WIDTH = 320;
  static final int DEPTH_UNKNOWN = 0;
  static final int DEPTH_SKY = 0xFFFF;
  static final byte VELOCITY_UNKNOWN = Byte.MIN_VALUE;
  private static final int MAX_DEPTH_STEP = 0xFFFE;
  private static final int JPEG_QUALITY = 80;
  private static final int PERCENTILE_SAMPLES = 4096;

  private final ImageCodec codec = new ImageCodec();

  Section picture(Picture picture) {
    return new Section(Kind.PICTURE, codec.encodeJpeg(picture, JPEG_QUALITY));
  }

  /**
   * @param camera the camera of the grid that {@code depth} lies on
   */
  Section depth(DepthMap depth, PinholeCamera camera, Se3 T_odom_cam) {
    int stride = strideFor(depth.width());
    PinholeCamera thin = camera.reducedBy(stride);
    float[] z = thinned(depth.depthM(), depth.width(), thin, stride, 1, 0);
    float[] range = percentiles(z, 0.02, 0.98);
    // Twice the 98th percentile keeps the far tail; one outlier must not cost everyone precision.
    float unitsPerStep = 2 * Math.max(range[1], 1e-6f) / MAX_DEPTH_STEP;
    ByteBuffer out = allocate(80 + 2 * z.length);
    out.putShort((short) thin.width()).putShort((short) thin.height());
    out.putFloat(unitsPerStep).putFloat(range[0]).putFloat(range[1]);
    out.putFloat((float) thin.fx()).putFloat((float) thin.fy());
    out.putFloat((float) thin.cx()).putFloat((float) thin.cy());
    putRows(out, T_odom_cam);
    for (float d : z) {
      out.putShort((short) depthStep(d, unitsPerStep));
    }
    return new Section(Kind.DEPTH, out.array());
  }

  Section motion(SceneFlowField flow, MovingMask mask, PinholeCamera camera) {
    int stride = strideFor(flow.width());
    PinholeCamera thin = camera.reducedBy(stride);
    float[] vx = thinned(flow.velocityMps(), flow.width(), thin, stride, 3, 0);
    float[] vz = thinned(flow.velocityMps(), flow.width(), thin, stride, 3, 2);
    float perStep = speedPerStep(vx, vz);
    ByteBuffer out = allocate(8 + 3 * vx.length);
    out.putShort((short) thin.width()).putShort((short) thin.height()).putFloat(perStep);
    putSteps(out, vx, perStep);
    putSteps(out, vz, perStep);
    for (int v = 0; v < thin.height(); v++) {
      for (int u = 0; u < thin.width(); u++) {
        out.put(mask.labels()[(v * stride + stride / 2) * mask.width() + u * stride + stride / 2]);
      }
    }
    return new Section(Kind.MOTION, out.array());
  }

  private static int strideFor(int width) {
    return Math.max(1, (width + MAX_FIELD_WIDTH - 1) / MAX_FIELD_WIDTH);
  }

  /** One channel of an interleaved field at the centre of each block of stride x stride. */
  private static float[] thinned(
      float[] field, int width, PinholeCamera thin, int stride, int channels, int channel) {
    float[] out = new float[thin.width() * thin.height()];
    for (int v = 0, i = 0; v < thin.height(); v++) {
      int at = ((v * stride + stride / 2) * width + stride / 2) * channels + channel;
      for (int u = 0; u < thin.width(); u++, at += stride * channels) {
        out[i++] = field[at];
      }
    }
    return out;
  }

  private static int depthStep(float depth, float unitsPerStep) {
    if (Float.isNaN(depth)) {
      return DEPTH_UNKNOWN;
    }
    if (Float.isInfinite(depth)) {
      return DEPTH_SKY;
    }
    return Math.max(1, Math.min(MAX_DEPTH_STEP, Math.round(depth / unitsPerStep)));
  }

  private static void putSteps(ByteBuffer out, float[] velocity, float perStep) {
    for (float v : velocity) {
      out.put(
          Float.isNaN(v)
              ? VELOCITY_UNKNOWN
              : (byte) Math.max(-127, Math.min(127, Math.round(v / perStep))));
    }
  }

  private static float speedPerStep(float[] vx, float[] vz) {
    float x = Math.max(-percentiles(vx, 0.005, 0.995)[0], percentiles(vx, 0.005, 0.995)[1]);
    float z = Math.max(-percentiles(vz, 0.005, 0.995)[0], percentiles(vz, 0.005, 0.995)[1]);
    return Math.max(Math.max(x, z), 1e-4f) / 127;
  }

  /** Two percentiles of the finite values, from a regular sample; 0 and 1 where there is none. */
  private static float[] percentiles(float[] values, double low, double high) {
    int step = Math.max(1, values.length / PERCENTILE_SAMPLES);
    float[] sample = new float[values.length / step + 1];
    int n = 0;
    for (int i = 0; i < values.length; i += step) {
      if (Float.isFinite(values[i])) {
        sample[n++] = values[i];
      }
    }
    if (n == 0) {
      return new float[] {0, 1};
    }
    Arrays.sort(sample, 0, n);
    return new float[] {sample[(int) (low * (n - 1))], sample[(int) (high * (n - 1))]};
  }

  private static void putRows(ByteBuffer out, Se3 T) {
    double[] t = T.translation();
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        out.putFloat((float) T.r(row, column));
      }
      out.putFloat((float) t[row]);
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
