package dev.parallax.nodes.runtime.files;

import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;

/**
 * A frame's fields as PNGs named after its stamp:
 *
 * <ul>
 *   <li>{@code depth/}, {@code depth_std/}: 16UC1, thousandths of the unit of length (millimetres
 *       with a metric scale), 0 where invalid or beyond 65.5 units
 *   <li>{@code scene_flow/}: 16UC3, red x, green y, blue z: 32768 + thousandths a second; all three
 *       0 where invalid or too fast to hold
 *   <li>{@code moving_mask/}: 8UC1, 255 moving, 0 static, 127 unknown
 * </ul>
 */
final class FieldFiles {
  private static final double UNITS_PER_M = 1000;

  private final OutputFolder folder;
  private final ImageCodec codec = new ImageCodec();

  FieldFiles(OutputFolder folder) {
    this.folder = folder;
  }

  void write(Estimated frame) {
    String file = "/" + frame.stamp() + ".png";
    DepthMap depth = frame.depth();
    folder.write("depth" + file, units(depth, depth.depthM()));
    folder.write("depth_std" + file, units(depth, storableStd(depth.stdM())));
    folder.write("scene_flow" + file, codec.encodePng16(FieldImages.of(frame.sceneFlow())));
    MovingMask mask = frame.movingMask();
    folder.write(
        "moving_mask" + file,
        codec.encodePng(
            new Picture(mask.width(), mask.height(), Picture.Format.MONO8, mask.labels())));
  }

  private byte[] units(DepthMap size, float[] values) {
    Image16 image = FieldImages.units(size.width(), size.height(), values, UNITS_PER_M);
    return codec.encodePng16(image);
  }

  /** Stored std is at least one unit: rounded to 0 it would read as unknown. */
  private static float[] storableStd(float[] stdM) {
    float[] storable = new float[stdM.length];
    for (int i = 0; i < storable.length; i++) {
      storable[i] = (float) Math.max(stdM[i], 1 / UNITS_PER_M); // NaN stays NaN
    }
    return storable;
  }
}
