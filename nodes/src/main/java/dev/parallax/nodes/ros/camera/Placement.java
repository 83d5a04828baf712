package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the camera sits on its robot and the robot in the map. The mounting comes from the
 * transforms of the graph; where those do not tell it, the camera itself is taken for the robot:
 * base at the lens, x where it looks, z up in the picture. Odom is as the pipeline has it, so that
 * it never jumps; setting a pose moves odom in the map (REP 105). Any thread.
 */
final class Placement {
  /** Optical axes (right, down, forward) seen from x forward, y left, z up (REP 103). */
  static final Se3 T_FLU_OPTICAL =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);

  private final Frames frames;
  private final TransformListener transforms;
  private final Consumer<String> warnings;
  private @Nullable Se3 T_base_cam;
  private Se3 T_map_odom = Se3.identity();
  private boolean told;

  /**
   * @param warnings told once when the mounting is not known
   */
  Placement(Frames frames, TransformListener transforms, Consumer<String> warnings) {
    this.frames = frames;
    this.transforms = transforms;
    this.warnings = warnings;
  }

  /** Maps points of a camera's optical frame to the base's. */
  synchronized Se3 T_base_cam(String cameraFrame) {
    if (T_base_cam != null) {
      return T_base_cam;
    }
    Optional<Se3> known = transforms.T_target_source(frames.base(), cameraFrame);
    if (known.isPresent()) {
      T_base_cam = known.get(); // a mounting: it does not move, and poses must not jump if it did
      return T_base_cam;
    }
    if (!told) {
      told = true;
      warnings.accept(
          ("no transform from %s to the pictures' frame \"%s\" on /tf or /tf_static; %s is taken to"
                  + " be at the camera. Publish how it is mounted with static_transform_publisher")
              .formatted(frames.base(), cameraFrame, frames.base()));
    }
    return T_FLU_OPTICAL;
  }

  synchronized Se3 T_map_odom() {
    return T_map_odom;
  }

  /** Says where the base is in the map at present; odom moves accordingly. */
  synchronized void setPose(Se3 T_map_base, Se3 T_odom_base) {
    T_map_odom = T_map_base.times(T_odom_base.inverse()).normalised();
  }

  synchronized void forgetPose() {
    T_map_odom = Se3.identity();
  }
}
