package dev.parallax.nodes.runtime.files;

import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;

/**
 * A frame's fields as PNGs named after its stamp:
 *
 * <ul>
 *   <li>{@code depth/}, {@code depth_std/}: 16UC1, thousandths of the unit of length (millimetres
 *       with a metric scale), 0 invalid; what does not fit into 16 bits is invalid too
 *   <li>{@code scene_flow/}: 16UC3, red x, green y, blue z: 32768 + thousandths a second, clamped
 *       to 1..65535; all three 0 invalid
 *   <li>{@code moving_mask/}: 8UC1, 255 moving, 0 static, 127 unknown
 * </ul>
 */
final class FieldImages {
  private static final float TO_MILLI = 1000;
  private static final int LARGEST = 65535;
  private static final int ZERO_VELOCITY = 32768;

  private final OutputFolder folder;
  private final ImageCodec codec = new ImageCodec();

  FieldImages(OutputFolder folder) {
    this.folder = folder;
  }

  void write(Estimated frame) {
    String file = "/" + frame.stamp() + ".png";
    DepthMap depth = frame.depth();
    int width = depth.width();
    int height = depth.height();
    folder.write("depth" + file, png(width, height, 1, milli(depth.depthM(), depth.depthM())));
    folder.write("depth_std" + file, png(width, height, 1, milli(depth.stdM(), depth.depthM())));
    SceneFlowField flow = frame.sceneFlow();
    folder.write(
        "scene_flow" + file, png(flow.width(), flow.height(), 3, velocity(flow.velocityMps())));
    MovingMask mask = frame.movingMask();
    folder.write(
        "moving_mask" + file,
        codec.encodePng(
            new Picture(mask.width(), mask.height(), Picture.Format.MONO8, mask.labels())));
  }

  private byte[] png(int width, int height, int channels, short[] data) {
    return codec.encodePng16(new Image16(width, height, channels, data));
  }

  /** Thousandths, at least 1 where known; 0 where {@code values} or {@code depth} is not. */
  static short[] milli(float[] values, float[] depth) {
    short[] out = new short[values.length];
    for (int i = 0; i < out.length; i++) {
      float scaled = values[i] * TO_MILLI;
      boolean known =
          scaled >= 0 && scaled < LARGEST + 0.5f && depth[i] * TO_MILLI < LARGEST + 0.5f;
      out[i] = (short) (known ? Math.max(1, Math.round(scaled)) : 0);
    }
    return out;
  }

  static short[] velocity(float[] mps) {
    short[] out = new short[mps.length];
    for (int i = 0; i < out.length; i += 3) {
      boolean known =
          Float.isFinite(mps[i]) && Float.isFinite(mps[i + 1]) && Float.isFinite(mps[i + 2]);
      for (int k = i; known && k < i + 3; k++) {
        int value = ZERO_VELOCITY + Math.round(mps[k] * TO_MILLI);
        out[k] = (short) Math.max(1, Math.min(LARGEST, value));
      }
    }
    return out;
  }
}
