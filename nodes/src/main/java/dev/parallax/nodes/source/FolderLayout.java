package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One way to lay a recording out in a folder. Stateless. */
interface FolderLayout {
  /** The layout's name and the files it goes by, for messages. */
  String description();

  boolean matches(Path folder);

  /**
   * The pictures in the order they are to be played.
   *
   * @param warnings told what a person should know
   * @throws SourceException if the list of pictures cannot be made
   */
  List<FolderFrame> frames(Path folder, Consumer<String> warnings);

  /**
   * The camera that took the pictures.
   *
   * @throws SourceException if it is neither given nor may be assumed; the message has the remedy
   */
  CameraCalibration calibration(Path folder, List<FolderFrame> frames, Consumer<String> warnings);

  /** True camera poses; empty where the folder has none. */
  List<StampedPose> poses(Path folder, List<FolderFrame> frames);

  /** The camera beside the one that is played; empty where there is none. */
  default Optional<StereoRig> stereo(Path folder) {
    return Optional.empty();
  }

  /** Integer depth values to a metre. */
  default double depthUnitsPerM(Path folder) {
    return 1000;
  }
}
