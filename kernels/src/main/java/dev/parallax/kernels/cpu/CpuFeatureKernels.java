package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.KeyPoint;
import org.bytedeco.opencv.opencv_core.KeyPointVector;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_features2d.ORB;

/** Oriented FAST corners with rotated BRIEF descriptors (Rublee et al. 2011) through OpenCV. */
final class CpuFeatureKernels implements FeatureKernels, AutoCloseable {
  /** The strongest of all may crowd together; the grid chooses among this many times as many. */
  private static final int CANDIDATES_PER_FEATURE = 16;

  private static final float PYRAMID_SCALE = 1.2f;
  private static final int PYRAMID_LEVELS = 8;
  private static final int PATCH_PX = 31;

  /** Half a patch, turned by 45 degrees, still lies inside the picture. */
  private static final int BORDER_PX = 22;

  /**
   * Half of OpenCV's own: walls of a room are dim, and the grid keeps the best of what is found.
   */
  private static final int FAST_THRESHOLD = 10;

  private final Mat picture = new Mat();
  private final Mat descriptors = new Mat();
  private final Mat noMask = new Mat();
  private final ORB orb =
      ORB.create(1, PYRAMID_SCALE, PYRAMID_LEVELS, BORDER_PX, 0, 2, ORB.HARRIS_SCORE, PATCH_PX, 20);

  CpuFeatureKernels() {
    orb.setFastThreshold(FAST_THRESHOLD);
  }

  @Override
  public Features detect(DeviceBuffer grey, int wanted) {
    if (wanted <= 0) {
      return Features.none();
    }
    MatBuffers.fill(picture, grey);
    orb.setMaxFeatures(wanted * CANDIDATES_PER_FEATURE);
    try (KeyPointVector found = new KeyPointVector()) {
      orb.detect(picture, found);
      try (KeyPointVector chosen = spread(found, grey.shape(), wanted)) {
        // May leave out points and change their order, the points along with the descriptors.
        orb.compute(picture, chosen, descriptors);
        return copyOf(chosen);
      }
    }
  }

  private static KeyPointVector spread(KeyPointVector found, Shape shape, int wanted) {
    int n = (int) found.size();
    float[] uv = new float[2 * n];
    float[] response = new float[n];
    for (int i = 0; i < n; i++) {
      KeyPoint point = found.get(i);
      uv[2 * i] = point.pt().x();
      uv[2 * i + 1] = point.pt().y();
      response[i] = point.response();
    }
    int[] best = new SpreadChoice(shape.width(), shape.height(), uv, response).best(wanted);
    KeyPointVector chosen = new KeyPointVector(best.length);
    for (int k = 0; k < best.length; k++) {
      chosen.put(k, found.get(best[k]));
    }
    return chosen;
  }

  private Features copyOf(KeyPointVector points) {
    int n = (int) points.size();
    if (n == 0) {
      return Features.none();
    }
    byte[] bytes = new byte[Features.BITS / 8 * n];
    new BytePointer(descriptors.data()).get(bytes);
    Features features =
        new Features(new float[2 * n], new int[n], new float[n], new long[Features.WORDS * n]);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(features.descriptors());
    for (int i = 0; i < n; i++) {
      KeyPoint point = points.get(i);
      features.uv()[2 * i] = point.pt().x();
      features.uv()[2 * i + 1] = point.pt().y();
      features.octave()[i] = point.octave();
      features.angleRad()[i] = (float) Math.toRadians(point.angle());
    }
    return features;
  }

  @Override
  public int[] match(Features from, Features to, int maxDistance, double maxRatio) {
    int[] there = new int[from.count()];
    int[] back = new int[to.count()];
    nearest(from, to, maxDistance, maxRatio, there);
    nearest(to, from, maxDistance, maxRatio, back);
    int[] pairs = new int[2 * from.count()];
    int n = 0;
    for (int i = 0; i < there.length; i++) {
      if (there[i] >= 0 && back[there[i]] == i) {
        pairs[n++] = i;
        pairs[n++] = there[i];
      }
    }
    return Arrays.copyOf(pairs, n);
  }

  /** The nearest of {@code to} for each of {@code from}, -1 where none is clearly the nearest. */
  private static void nearest(
      Features from, Features to, int maxDistance, double maxRatio, int[] answer) {
    for (int i = 0; i < answer.length; i++) {
      int best = Integer.MAX_VALUE;
      int second = Integer.MAX_VALUE;
      int at = -1;
      for (int j = 0; j < to.count(); j++) {
        int distance = from.distance(i, to, j);
        if (distance < best) {
          second = best;
          best = distance;
          at = j;
        } else if (distance < second) {
          second = distance;
        }
      }
      boolean clear = maxRatio >= 1 || best < maxRatio * second;
      answer[i] = best <= maxDistance && clear ? at : -1;
    }
  }

  @Override
  public void close() {
    orb.close();
    picture.close();
    descriptors.close();
    noMask.close();
  }
}
