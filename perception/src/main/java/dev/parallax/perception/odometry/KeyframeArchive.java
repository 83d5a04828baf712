package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Keyframes of this odom segment, newest last, to find a lost camera by. Agent thread only. */
final class KeyframeArchive {
  private static final int MAX_KEYFRAMES = 200;
  private static final int FEATURES = 800;

  /** Depth less sure than this share of itself lifts no feature. */
  private static final double MAX_RELATIVE_STD = 0.3;

  private final PerceptionKernels kernels;
  private final List<StoredKeyframe> stored = new ArrayList<>();
  private final double[] hint = new double[2];

  KeyframeArchive(PerceptionKernels kernels) {
    this.kernels = kernels;
  }

  List<StoredKeyframe> keyframes() {
    return Collections.unmodifiableList(stored);
  }

  /** Features of a picture, as many as a stored keyframe has. */
  Features describe(DeviceBuffer grey) {
    return kernels.features().detect(grey, FEATURES);
  }

  void add(DeviceBuffer grey, Timestamp stamp, Se3 T_cam_odom, DepthHint depths) {
    Features features = describe(grey);
    float[] inverseDepth = new float[features.count()];
    for (int i = 0; i < inverseDepth.length; i++) {
      boolean known =
          depths.at(features.uv()[2 * i], features.uv()[2 * i + 1], hint)
              && hint[1] < MAX_RELATIVE_STD * MAX_RELATIVE_STD * hint[0] * hint[0];
      inverseDepth[i] = known ? (float) hint[0] : Float.NaN;
    }
    if (stored.size() == MAX_KEYFRAMES) {
      thinOut();
    }
    stored.add(new StoredKeyframe(stamp, T_cam_odom, features, inverseDepth));
  }

  /** Every second one of the older half goes: far back fewer are enough. */
  private void thinOut() {
    for (int i = MAX_KEYFRAMES / 2 - 1; i >= 0; i -= 2) {
      stored.remove(i);
    }
  }

  /** Takes over the poses that the window has refined. */
  void refresh(KeyframeWindow window) {
    for (Keyframe keyframe : window.keyframes()) {
      for (int i = stored.size() - 1; i >= 0; i--) {
        if (stored.get(i).stamp().equals(keyframe.stamp())) {
          stored.set(i, stored.get(i).withPose(keyframe.T_cam_odom()));
          break;
        }
      }
    }
  }

  /** Changes the unit of length; poses go through the function given. */
  void rescale(double factor, UnaryOperator<Se3> newT_cam_odom) {
    stored.replaceAll(k -> k.rescaled(newT_cam_odom.apply(k.T_cam_odom()), factor));
  }

  void clear() {
    stored.clear();
  }
}
