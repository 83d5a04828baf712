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

  /** How long the first picture waits for the transforms of a graph that was just joined. */
  private static final long PATIENCE_MS = 1000;

  private final Consumer<String> warnings;
  private final Consumer<String> assumed;
  private @Nullable Se3 T_base_cam;
  private Se3 T_robotMap_map = Se3.identity();

  /**
   * @param warnings told once when the mounting is not known
   * @param assumed then given the pictures' frame, which nobody else places
   */
  Placement(
      Frames frames,
      TransformListener transforms,
      Consumer<String> warnings,
      Consumer<String> assumed) {
    this.frames = frames;
    this.transforms = transforms;
    this.warnings = warnings;
    this.assumed = assumed;
  }

  /** Maps points of a camera's optical frame to the base's. */
  synchronized Se3 T_base_cam(String cameraFrame) {
    if (T_base_cam != null) {
      return T_base_cam;
    }
    // Once found or assumed it stays: a mounting does not move, and poses must not jump if it did.
    Se3 found = await(cameraFrame).orElse(null);
    if (found == null) {
      warnings.accept(
          ("no transform from %s to the pictures' frame \"%s\" on /tf or /tf_static; %s is taken to"
                  + " be at the camera, and published so. Publish how it is mounted before Parallax"
                  + " starts, with static_transform_publisher")
              .formatted(frames.base(), cameraFrame, frames.base()));
      assumed.accept(cameraFrame);
      found = T_FLU_OPTICAL;
    }
    T_base_cam = found;
    return found;
  }

  /**
   * Maps points of the pipeline's odom, which begins at the camera, to the published one, which
   * begins at the base. Both have the base's axes.
   */
  Se3 T_odom_start(String cameraFrame) {
    Se3 mounting = T_base_cam(cameraFrame);
    return Se3.ofTranslation(mounting.tx(), mounting.ty(), mounting.tz());
  }

  private Optional<Se3> await(String cameraFrame) {
    long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
    Optional<Se3> known = transforms.T_target_source(frames.base(), cameraFrame);
    while (known.isEmpty() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      known = transforms.T_target_source(frames.base(), cameraFrame);
    }
    return known;
  }

  /** Where the pipeline's own map lies in the robot's: moved by whoever sets a pose. */
  synchronized Se3 T_robotMap_map() {
    return T_robotMap_map;
  }

  /**
   * Where the pipeline's own odom, which begins at the camera, lies in the robot's map.
   *
   * @param T_map_start what closed loops correct, in the pipeline's own odom
   */
  Se3 T_robotMap_start(String cameraFrame, Se3 T_map_start) {
    return T_robotMap_map().times(T_odom_start(cameraFrame)).times(T_map_start).normalised();
  }

  /** Says where the base, which the pipeline has at T_map_base, is in the robot's map. */
  synchronized void setPose(Se3 T_robotMap_base, Se3 T_map_base) {
    T_robotMap_map = T_robotMap_base.times(T_map_base.inverse()).normalised();
  }

  synchronized void forgetPose() {
    T_robotMap_map = Se3.identity();
  }
}
