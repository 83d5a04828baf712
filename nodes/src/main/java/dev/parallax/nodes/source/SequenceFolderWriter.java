package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a sequence in TUM RGB-D layout, with exact fields beside it where they are known:
 *
 * <pre>
 *   camera.yaml          ROS calibration
 *   rgb.txt, depth.txt   stamp file
 *   groundtruth.txt      stamp tx ty tz qx qy qz qw, T_world_cam of the optical frame
 *   rgb/STAMP.png|jpg    pictures
 *   depth/STAMP.png      16UC1, registered to the picture
 *   flow_backward/STAMP.png, scene_flow/STAMP.png, moving_mask/STAMP.png
 *                        on the rectified grid, coded as {@link FieldImages} says
 * </pre>
 *
 * <p>What is written for a frame is complete once {@link #write} returns, so that a run that is cut
 * short leaves a readable sequence. One thread.
 */
public final class SequenceFolderWriter implements AutoCloseable {
  private final Path folder;
  private final Config config;
  private final ImageCodec codec = new ImageCodec();
  private final Set<String> kindsMade = new HashSet<>();
  private final BufferedWriter pictures;
  private final BufferedWriter depths;
  private final BufferedWriter poses;
  private @Nullable CameraCalibration calibration;
  private @Nullable Timestamp last;

  /**
   * How a sequence is stored.
   *
   * @param jpegQuality 1 to 100, or 0 for PNG without loss
   * @param depthUnitsPerM integer depth values to a metre; 65534 of them are the farthest depth: 13
   *     m at TUM's 5000, 65 m at 1000
   */
  public record Config(int jpegQuality, double depthUnitsPerM) {
    public Config {
      if (jpegQuality < 0 || jpegQuality > 100) {
        throw new IllegalArgumentException("JPEG quality is 1 to 100, or 0 for PNG");
      }
      if (!(depthUnitsPerM > 0 && depthUnitsPerM < 1e6)) {
        throw new IllegalArgumentException(
            "Depth units to a metre must be positive, got " + depthUnitsPerM);
      }
    }

    public static Config defaults() {
      return new Config(0, TumLayout.DEFAULT_DEPTH_UNITS_PER_M);
    }

    public Config withJpegQuality(int quality) {
      return new Config(quality, depthUnitsPerM);
    }

    public Config withDepthUnitsPerM(double unitsPerM) {
      return new Config(jpegQuality, unitsPerM);
    }
  }

  /**
   * Makes the folder where it is missing.
   *
   * @throws IOException if it cannot be written, or already holds a sequence
   */
  public SequenceFolderWriter(Path folder, Config config) throws IOException {
    if (Files.exists(folder.resolve("rgb.txt"))) {
      throw new IOException(folder + ": already holds a sequence; choose another folder");
    }
    this.folder = folder;
    this.config = config;
    Files.createDirectories(folder);
    this.pictures = list("rgb.txt", "# stamp file");
    this.depths = list("depth.txt", "# stamp file");
    this.poses = list("groundtruth.txt", "# stamp tx ty tz qx qy qz qw");
    line(depths, TumLayout.DEPTH_UNITS_COMMENT + " " + config.depthUnitsPerM());
  }

  /**
   * Adds a frame.
   *
   * @param T_world_cam true pose of the optical frame
   * @param depth registered to the picture; null where unknown, as with the other fields
   * @throws IllegalArgumentException if its stamp is not after the one before, or its calibration
   *     differs
   * @throws IOException if the disk does not take it
   */
  public void write(
      CameraFrame frame,
      Se3 T_world_cam,
      @Nullable DepthMap depth,
      @Nullable FlowField backwardFlow,
      @Nullable SceneFlowField sceneFlow,
      @Nullable MovingMask movingMask)
      throws IOException {
    admit(frame);
    Timestamp stamp = frame.stamp();
    boolean png = config.jpegQuality() == 0;
    String picture =
        file(
            "rgb",
            stamp + (png ? ".png" : ".jpg"),
            png
                ? codec.encodePng(frame.picture())
                : codec.encodeJpeg(frame.picture(), config.jpegQuality()));
    if (depth != null) {
      byte[] bytes =
          codec.encodePng16(
              FieldImages.units(
                  depth.width(), depth.height(), depth.depthM(), config.depthUnitsPerM()));
      line(depths, stamp + " " + file("depth", stamp + ".png", bytes));
    }
    if (backwardFlow != null) {
      file(FolderTruth.FLOW, stamp + ".png", codec.encodePng16(FieldImages.of(backwardFlow)));
    }
    if (sceneFlow != null) {
      file(FolderTruth.SCENE_FLOW, stamp + ".png", codec.encodePng16(FieldImages.of(sceneFlow)));
    }
    if (movingMask != null) {
      Picture mask =
          new Picture(
              movingMask.width(), movingMask.height(), Picture.Format.MONO8, movingMask.labels());
      file(FolderTruth.MOVING_MASK, stamp + ".png", codec.encodePng(mask));
    }
    line(poses, TumTrajectory.line(new StampedPose(stamp, T_world_cam)));
    line(pictures, stamp + " " + picture); // last: a frame counts once all of it is there
  }

  @Override
  public void close() throws IOException {
    try (pictures;
        depths;
        poses) {
      // Closing is all there is to do: every line was flushed as it was written.
    }
  }

  private void admit(CameraFrame frame) throws IOException {
    if (calibration == null) {
      calibration = frame.calibration();
      CalibrationYaml.write(
          folder.resolve("camera.yaml"), frame.id().camera().name(), calibration.model());
    } else if (!calibration.equals(frame.calibration())) {
      throw new IllegalArgumentException(
          "Frame %s has another calibration than the sequence it is for".formatted(frame.id()));
    }
    if (last != null && !frame.stamp().isAfter(last)) {
      throw new IllegalArgumentException(
          "Frame %s at %s is not after %s".formatted(frame.id(), frame.stamp(), last));
    }
    last = frame.stamp();
  }

  /** Writes one file and returns its path within the folder. */
  private String file(String kind, String name, byte[] bytes) throws IOException {
    if (kindsMade.add(kind)) {
      Files.createDirectories(folder.resolve(kind));
    }
    Files.write(folder.resolve(kind).resolve(name), bytes);
    return kind + "/" + name;
  }

  private BufferedWriter list(String name, String comment) throws IOException {
    BufferedWriter writer = Files.newBufferedWriter(folder.resolve(name));
    line(writer, comment);
    return writer;
  }

  private static void line(BufferedWriter writer, String text) throws IOException {
    writer.write(text);
    writer.write('\n');
    writer.flush();
  }
}
