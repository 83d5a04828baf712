package dev.parallax.nodes.source;

import dev.parallax.kernels.cpu.StereoMatcher;
import dev.parallax.nodes.source.FolderFiles.UnreadableFile;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * True depth made from a rectified stereo pair: baseline and focal length over disparity, where
 * both pictures agree. Made anew each time it is asked for, so that memory does not grow with the
 * recording. Not thread-safe.
 */
final class StereoTruth {
  private static final double MAX_DEPTH_M = 40;

  /**
   * Matching is off by some tenths of a pixel: with less disparity than this depth is off by more
   * than a twentieth.
   */
  private static final double MIN_DISPARITY_PX = 8;

  private final StereoRig rig;
  private final PinholeCamera camera;
  private final double maxDepthM;

  StereoTruth(StereoRig rig, PinholeCamera camera) {
    this.rig = rig;
    this.camera = camera;
    this.maxDepthM = Math.min(MAX_DEPTH_M, camera.fx() * rig.baselineM() / MIN_DISPARITY_PX);
  }

  /** How this depth came about, for a report. */
  String origin() {
    return String.format(
        Locale.ROOT,
        "from the stereo pair with %s/, %.3f m apart by the calibration: what both pictures agree"
            + " on, up to %.0f m",
        rig.rightFolder().getFileName(),
        rig.baselineM(),
        maxDepthM);
  }

  /**
   * Depth of a left picture; null where there is no right one.
   *
   * @throws SourceException if a picture of the pair cannot be read or is of another size
   */
  @Nullable DepthMap depth(Path leftFile) {
    Path rightFile = rig.rightOf(leftFile);
    if (!Files.exists(rightFile)) {
      return null;
    }
    Picture left = picture(leftFile);
    Picture right = picture(rightFile);
    if (left.format() != right.format()) {
      throw new SourceException(
          "%s: is %s but the picture beside it %s; both pictures of a stereo pair must be alike"
              .formatted(rightFile, right.format(), left.format()));
    }
    // Native memory lives no longer than a call: nobody closes a truth.
    try (StereoMatcher matcher =
        new StereoMatcher(camera.width(), camera.height(), left.format().channels())) {
      return depth(matcher.match(left.data(), right.data()));
    }
  }

  private DepthMap depth(float[] disparityPx) {
    double product = camera.fx() * rig.baselineM();
    float[] depthM = new float[disparityPx.length];
    float[] stdM = new float[disparityPx.length];
    Arrays.fill(depthM, Float.NaN);
    Arrays.fill(stdM, Float.NaN);
    for (int i = 0; i < depthM.length; i++) {
      double metres = product / disparityPx[i];
      if (metres <= maxDepthM) { // false for NaN
        depthM[i] = (float) metres;
        stdM[i] = 0;
      }
    }
    return new DepthMap(camera.width(), camera.height(), depthM, stdM);
  }

  private Picture picture(Path file) {
    Picture picture;
    try {
      picture = FolderFiles.picture(file);
    } catch (UnreadableFile e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
    if (picture.width() != camera.width() || picture.height() != camera.height()) {
      throw new SourceException(
          "%s: is %dx%d but the camera %dx%d; both pictures of a stereo pair must be alike"
              .formatted(file, picture.width(), picture.height(), camera.width(), camera.height()));
    }
    return picture;
  }
}
