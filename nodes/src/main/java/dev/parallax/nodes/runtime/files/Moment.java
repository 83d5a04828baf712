package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;

/**
 * A published frame made small enough to keep for the report.
 *
 * @param picture {@code [height width]} the rectified picture
 * @param depthM {@code [height width]} NaN where unknown
 * @param speedMps {@code [height width]} length of the scene flow, NaN where unknown
 * @param moving {@code [height width]} as in {@link MovingMask}
 */
record Moment(Timestamp stamp, Picture picture, float[] depthM, float[] speedMps, byte[] moving) {
  private static final int MAX_WIDTH = 320;

  static Moment of(Estimated frame) {
    int gridWidth = frame.depth().width();
    int gridHeight = frame.depth().height();
    int stride = (gridWidth + MAX_WIDTH - 1) / MAX_WIDTH;
    int width = gridWidth / stride;
    int height = gridHeight / stride;
    float[] depth = new float[width * height];
    float[] speed = new float[width * height];
    byte[] moving = new byte[width * height];
    float[] velocity = frame.sceneFlow().velocityMps();
    for (int i = 0; i < depth.length; i++) {
      int from = i / width * stride * gridWidth + i % width * stride;
      depth[i] = frame.depth().depthM()[from];
      moving[i] = frame.movingMask().labels()[from];
      double x = velocity[3 * from];
      double y = velocity[3 * from + 1];
      double z = velocity[3 * from + 2];
      speed[i] = (float) Math.sqrt(x * x + y * y + z * z);
    }
    return new Moment(
        frame.stamp(), shrunk(frame.rectified(), width, height), depth, speed, moving);
  }

  int width() {
    return picture.width();
  }

  int height() {
    return picture.height();
  }

  /** Nearest pixel; the picture may be finer than the fields. */
  private static Picture shrunk(Picture from, int width, int height) {
    int channels = from.format().channels();
    byte[] data = new byte[width * height * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int source = y * from.height() / height * from.width() + x * from.width() / width;
        System.arraycopy(
            from.data(), source * channels, data, (y * width + x) * channels, channels);
      }
    }
    return new Picture(width, height, from.format(), data);
  }
}
