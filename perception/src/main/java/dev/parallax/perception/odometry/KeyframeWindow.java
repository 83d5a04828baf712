package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The keyframes alive, oldest first, each in a slot of its own. Agent thread only. */
final class KeyframeWindow {
  private final List<Keyframe> keyframes = new ArrayList<>();

  List<Keyframe> keyframes() {
    return Collections.unmodifiableList(keyframes);
  }

  int size() {
    return keyframes.size();
  }

  boolean isFull() {
    return keyframes.size() == PointTracks.SLOTS;
  }

  Keyframe latest() {
    return keyframes.get(keyframes.size() - 1);
  }

  int freeSlot() {
    for (int slot = 0; slot < PointTracks.SLOTS; slot++) {
      int wanted = slot;
      if (keyframes.stream().noneMatch(k -> k.slot() == wanted)) {
        return slot;
      }
    }
    throw new IllegalStateException("The window is full");
  }

  void add(Keyframe keyframe) {
    keyframes.add(keyframe);
  }

  void remove(Keyframe keyframe) {
    keyframes.remove(keyframe);
  }

  void replacePose(int index, Se3 T_cam_odom) {
    keyframes.set(index, keyframes.get(index).withPose(T_cam_odom));
  }

  void replaceTwist(int index, double[] twist) {
    keyframes.set(index, keyframes.get(index).withTwist(twist));
  }

  void clear() {
    keyframes.clear();
  }
}
