package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.SceneFlowField;
import java.util.Arrays;

/**
 * Depth, flow and scene flow as 16-bit images: the one coding for each, wherever it is stored. In
 * all of them a pixel that is all zero is unknown.
 */
public final class FieldImages {
  private static final int MAX = 65535;
  private static final int ZERO = 32768;
  private static final float FLOW_UNITS_PER_PIXEL = 64; // as KITTI stores flow
  private static final float SCENE_FLOW_UNITS_PER_MPS = 1000;

  private FieldImages() {}

  /**
   * Depth from integer units along z. 0 and 65535 (what sensors store for "too far") are unknown.
   *
   * @param image one channel
   * @param unitsPerM integer values to a metre: 1000 for ROS and 7-Scenes, 5000 for TUM
   * @param stdM given to every known pixel; NaN where the recording does not tell
   */
  public static DepthMap depth(Image16 image, double unitsPerM, float stdM)
      throws ImageFormatException {
    requireChannels(image, 1);
    float[] depth = new float[image.data().length];
    float[] std = new float[depth.length];
    for (int i = 0; i < depth.length; i++) {
      int value = image.unsigned(i);
      boolean known = value != 0 && value != MAX;
      depth[i] = known ? (float) (value / unitsPerM) : Float.NaN;
      std[i] = known ? stdM : Float.NaN;
    }
    return new DepthMap(image.width(), image.height(), depth, std);
  }

  /** Values in integer units; unknown, infinite, and what does not fit becomes 0. */
  public static Image16 units(int width, int height, float[] values, double unitsPerOne) {
    short[] data = new short[values.length];
    for (int i = 0; i < data.length; i++) {
      double units = Math.rint(values[i] * unitsPerOne);
      data[i] = units > 0 && units < MAX ? (short) (int) units : 0;
    }
    return new Image16(width, height, 1, data);
  }

  /** Flow, red du and green dv as {@code 64 px + 32768}, blue 1 where known. */
  public static Image16 of(FlowField flow) {
    float[] uv = flow.uv();
    short[] data = new short[uv.length / 2 * 3];
    for (int i = 0, to = 0; i < uv.length; i += 2, to += 3) {
      int du = offset(uv[i], FLOW_UNITS_PER_PIXEL);
      int dv = offset(uv[i + 1], FLOW_UNITS_PER_PIXEL);
      if (du >= 0 && dv >= 0) {
        data[to] = (short) du;
        data[to + 1] = (short) dv;
        data[to + 2] = 1;
      }
    }
    return new Image16(flow.width(), flow.height(), 3, data);
  }

  public static FlowField flow(Image16 image) throws ImageFormatException {
    requireChannels(image, 3);
    float[] uv = new float[image.data().length / 3 * 2];
    Arrays.fill(uv, Float.NaN);
    for (int i = 0, from = 0; i < uv.length; i += 2, from += 3) {
      if (image.unsigned(from + 2) != 0) {
        uv[i] = (image.unsigned(from) - ZERO) / FLOW_UNITS_PER_PIXEL;
        uv[i + 1] = (image.unsigned(from + 1) - ZERO) / FLOW_UNITS_PER_PIXEL;
      }
    }
    return new FlowField(image.width(), image.height(), uv);
  }

  /** Scene flow, red x, green y, blue z as {@code 1000 m/s + 32768}. */
  public static Image16 of(SceneFlowField field) {
    float[] v = field.velocityMps();
    short[] data = new short[v.length];
    for (int i = 0; i < v.length; i += 3) {
      int x = offset(v[i], SCENE_FLOW_UNITS_PER_MPS);
      int y = offset(v[i + 1], SCENE_FLOW_UNITS_PER_MPS);
      int z = offset(v[i + 2], SCENE_FLOW_UNITS_PER_MPS);
      if (x >= 0 && y >= 0 && z >= 0) {
        data[i] = (short) x;
        data[i + 1] = (short) y;
        data[i + 2] = (short) z;
      }
    }
    return new Image16(field.width(), field.height(), 3, data);
  }

  public static SceneFlowField sceneFlow(Image16 image) throws ImageFormatException {
    requireChannels(image, 3);
    short[] data = image.data();
    float[] v = new float[data.length];
    for (int i = 0; i < v.length; i += 3) {
      boolean known = data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 0;
      for (int k = i; k < i + 3; k++) {
        v[k] = known ? (image.unsigned(k) - ZERO) / SCENE_FLOW_UNITS_PER_MPS : Float.NaN;
      }
    }
    return new SceneFlowField(image.width(), image.height(), v);
  }

  /** The stored value, 1..65535, or -1 where it is unknown or does not fit. */
  private static int offset(float value, float units) {
    double stored = Math.rint((double) value * units) + ZERO;
    return stored >= 1 && stored <= MAX ? (int) stored : -1;
  }

  private static void requireChannels(Image16 image, int channels) throws ImageFormatException {
    if (image.channels() != channels) {
      throw new ImageFormatException(
          "expected %d channel(s) of 16 bits, got %d".formatted(channels, image.channels()));
    }
  }
}
