package dev.parallax.perception;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * A textured wall 4 m away with a board 2 m away before its middle, seen by a camera that slides
 * aside without turning. Depth and flow are known in closed form.
 */
public final class TwoWalls {
  public static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 260, 260, 159.5, 119.5);
  public static final CameraCalibration CALIBRATION =
      new CameraCalibration(CAMERA, CameraCalibration.Origin.GIVEN);

  private static final double FAR_M = 4;
  private static final double NEAR_M = 2;
  private static final double BOARD_HALF_M = 0.45;

  private TwoWalls() {}

  /** Depth at a pixel, metres, with the camera {@code xM} to the right of the start. */
  public static double depthM(int u, int v, double xM) {
    double x = NEAR_M * (u - CAMERA.cx()) / CAMERA.fx() + xM;
    double y = NEAR_M * (v - CAMERA.cy()) / CAMERA.fy();
    return Math.abs(x) < BOARD_HALF_M && Math.abs(y) < BOARD_HALF_M ? NEAR_M : FAR_M;
  }

  /** The picture with the camera {@code xM} to the right of the start. */
  public static Picture picture(double xM) {
    byte[] grey = new byte[CAMERA.width() * CAMERA.height()];
    for (int v = 0; v < CAMERA.height(); v++) {
      for (int u = 0; u < CAMERA.width(); u++) {
        double d = depthM(u, v, xM);
        // A texel is about 1.5 pixels wide on either wall.
        double a = (d * (u - CAMERA.cx()) / CAMERA.fx() + xM) * 175 / d;
        double b = d * (v - CAMERA.cy()) / CAMERA.fy() * 175 / d;
        double shade = 0.5 * noise(a / 3, b / 3, d) + 0.5 * noise(a / 9, b / 9, d);
        grey[v * CAMERA.width() + u] = (byte) Math.round(20 + 215 * shade);
      }
    }
    return new Picture(CAMERA.width(), CAMERA.height(), Picture.Format.MONO8, grey);
  }

  /** A picture of one grey level. */
  public static Picture flat(int level) {
    byte[] grey = new byte[CAMERA.width() * CAMERA.height()];
    java.util.Arrays.fill(grey, (byte) level);
    return new Picture(CAMERA.width(), CAMERA.height(), Picture.Format.MONO8, grey);
  }

  /** Frame {@code index} at 20 pictures a second. */
  public static CameraFrame frame(int index, Picture picture) {
    return frame(index, 1_000_000_000L + 50_000_000L * index, picture);
  }

  public static CameraFrame frame(int index, long stampNs, Picture picture) {
    return new CameraFrame(
        new FrameId(new CameraId("camera"), index),
        new Timestamp(stampNs),
        CALIBRATION,
        picture,
        null);
  }

  /** Value noise, 0..1, smooth between whole numbers. */
  private static double noise(double x, double y, double seed) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double fx = smooth(x - x0);
    double fy = smooth(y - y0);
    double top = (1 - fx) * hash(x0, y0, seed) + fx * hash(x0 + 1, y0, seed);
    double bottom = (1 - fx) * hash(x0, y0 + 1, seed) + fx * hash(x0 + 1, y0 + 1, seed);
    return (1 - fy) * top + fy * bottom;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double hash(int x, int y, double seed) {
    int h = x * 0x27d4eb2d ^ y * 0x165667b1 ^ (int) (seed * 977);
    h = (h ^ h >>> 15) * 0x2c1b3c6d;
    h = (h ^ h >>> 12) * 0x297a2d39;
    return ((h ^ h >>> 15) & 0xffff) / 65535.0;
  }
}
