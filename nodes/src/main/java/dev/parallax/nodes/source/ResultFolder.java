package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.codec.ImageFormatException;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.StampedPose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that {@code replay --out} leaves, read back. Small files are read when it is opened,
 * pictures when they are asked for.
 */
public final class ResultFolder implements Estimates {
  private static final double MILLI = 1000;

  private final Path folder;
  private final ImageCodec codec = new ImageCodec();
  private final List<StampedPose> poses;
  private final List<StampedPose> mapPoses;
  private final Map<Timestamp, double[]> covariances;
  private final List<Timestamp> framesGiven;
  private final List<Timestamp> depthStamps;
  private final boolean metric;
  private final @Nullable PinholeCamera depthCamera;

  /**
   * @throws SourceException if it is no folder, holds neither a trajectory nor depth, or a file in
   *     it is damaged
   */
  public static ResultFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new SourceException(
          folder + ": not a folder; give the one that replay wrote with --out");
    }
    if (!Files.exists(folder.resolve("trajectory.tum"))
        && !Files.isDirectory(folder.resolve("depth"))) {
      throw new SourceException(
          folder
              + ": holds neither trajectory.tum nor depth/; give the folder that replay wrote with"
              + " --out");
    }
    return new ResultFolder(folder);
  }

  private ResultFolder(Path folder) {
    this.folder = folder;
    Path trajectory = folder.resolve("trajectory.tum");
    this.poses = Files.exists(trajectory) ? TumTrajectory.read(trajectory) : List.of();
    Path inMap = folder.resolve("trajectory_map.tum");
    this.mapPoses = Files.exists(inMap) ? TumTrajectory.read(inMap) : List.of();
    this.covariances = PoseCovariances.read(folder.resolve("pose_covariance.csv"));
    RunLedger ledger = RunLedger.read(folder.resolve("frames.csv"));
    this.framesGiven = ledger.stamps();
    this.metric = ledger.isMetric();
    this.depthStamps = pictureStamps(folder.resolve("depth"));
    this.depthCamera = camera(folder.resolve("camera.yaml"));
  }

  @Override
  public List<StampedPose> poses() {
    return poses;
  }

  @Override
  public List<StampedPose> mapPoses() {
    return mapPoses;
  }

  @Override
  public double @Nullable [] covariance(Timestamp stamp) {
    return covariances.get(stamp);
  }

  @Override
  public List<Timestamp> framesGiven() {
    return framesGiven;
  }

  @Override
  public boolean isMetric() {
    return metric;
  }

  @Override
  public List<Timestamp> depthStamps() {
    return depthStamps;
  }

  @Override
  public @Nullable PinholeCamera depthCamera() {
    return depthCamera;
  }

  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    Path file = picture("depth", stamp);
    if (!Files.exists(file)) {
      return null;
    }
    DepthMap depth = read(file, image -> FieldImages.depth(image, MILLI, Float.NaN));
    PinholeCamera camera = depthCamera;
    if (camera != null) {
      requireSize(file, depth, camera.width(), camera.height(), "camera.yaml");
    }
    Path stdFile = picture("depth_std", stamp);
    if (!Files.exists(stdFile)) {
      return depth;
    }
    DepthMap std = read(stdFile, image -> FieldImages.depth(image, MILLI, Float.NaN));
    requireSize(stdFile, std, depth.width(), depth.height(), "the depth beside it");
    return new DepthMap(depth.width(), depth.height(), depth.depthM(), std.depthM());
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    Path file = picture("flow", stamp);
    return Files.exists(file) ? read(file, FieldImages::flow) : null;
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    Path file = picture("scene_flow", stamp);
    return Files.exists(file) ? read(file, FieldImages::sceneFlow) : null;
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    Path file = picture("moving_mask", stamp);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Picture mask = codec.decode(Files.readAllBytes(file));
      if (mask.format() != Picture.Format.MONO8) {
        throw new SourceException(file + ": a moving mask is grey (mono8); run replay again");
      }
      return new MovingMask(mask.width(), mask.height(), mask.data());
    } catch (IOException | ImageFormatException e) {
      throw damaged(file, e);
    }
  }

  private Path picture(String kind, Timestamp stamp) {
    return folder.resolve(kind).resolve(stamp + ".png");
  }

  /** How a kind of field is coded in 16 bits. */
  private interface Decoding<T> {
    T decode(Image16 image) throws ImageFormatException;
  }

  private <T> T read(Path file, Decoding<T> decoding) {
    try {
      return decoding.decode(codec.decode16(Files.readAllBytes(file)));
    } catch (IOException | ImageFormatException e) {
      throw damaged(file, e);
    }
  }

  private static void requireSize(Path file, DepthMap depth, int width, int height, String other) {
    if (depth.width() != width || depth.height() != height) {
      throw new SourceException(
          "%s: is %dx%d but %s says %dx%d; run replay again"
              .formatted(file, depth.width(), depth.height(), other, width, height));
    }
  }

  private static @Nullable PinholeCamera camera(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return CalibrationYaml.read(file).rectified();
    } catch (CalibrationFormatException e) {
      throw new SourceException(e.getMessage() + "; run replay again", e);
    }
  }

  private static List<Timestamp> pictureStamps(Path kind) {
    if (!Files.isDirectory(kind)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(kind)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".png"))
          .map(name -> stamp(kind, name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw damaged(kind, e);
    }
  }

  private static Timestamp stamp(Path kind, String name) {
    try {
      return Timestamp.parseSeconds(name.substring(0, name.length() - ".png".length()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new SourceException(
          "%s: its name is not a stamp in seconds; remove it".formatted(kind.resolve(name)), e);
    }
  }

  private static SourceException damaged(Path file, Exception e) {
    return new SourceException(
        "%s: cannot be read (%s); run replay again".formatted(file, e.getMessage()), e);
  }
}
