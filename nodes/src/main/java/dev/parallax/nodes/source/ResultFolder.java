package dev.parallax.nodes.source;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that {@code replay --out} leaves, read back. Small files are read when it is opened,
 * pictures when they are asked for.
 */
public final class ResultFolder implements Estimates {
  private static final float MILLI = 1e-3f;
  private static final int SCENE_FLOW_ZERO = 32768;

  private final Path folder;
  private final ImageCodec codec = new ImageCodec();
  private final List<StampedPose> poses;
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
    this.framesGiven = ledgerStamps(folder.resolve("frames.csv"));
    this.depthStamps = pictureStamps(folder.resolve("depth"));
    this.metric = false;
    this.depthCamera = null;
  }

  @Override
  public List<StampedPose> poses() {
    return poses;
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
    Image16 depth = read16(file, 1);
    float[] std = new float[depth.data().length];
    Arrays.fill(std, Float.NaN);
    Path stdFile = picture("depth_std", stamp);
    if (Files.exists(stdFile)) {
      Image16 stored = read16(stdFile, 1);
      if (stored.width() != depth.width() || stored.height() != depth.height()) {
        throw new SourceException(
            "%s: is %dx%d but the depth beside it %dx%d; run replay again"
                .formatted(
                    stdFile, stored.width(), stored.height(), depth.width(), depth.height()));
      }
      std = fromMilli(stored);
    }
    return new DepthMap(depth.width(), depth.height(), fromMilli(depth), std);
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    return null; // replay leaves no flow
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    Path file = picture("scene_flow", stamp);
    if (!Files.exists(file)) {
      return null;
    }
    Image16 image = read16(file, 3);
    float[] velocity = new float[image.data().length];
    for (int i = 0; i < velocity.length; i += 3) {
      boolean known = image.data()[i] != 0 || image.data()[i + 1] != 0 || image.data()[i + 2] != 0;
      for (int k = i; k < i + 3; k++) {
        velocity[k] = known ? (image.unsigned(k) - SCENE_FLOW_ZERO) * MILLI : Float.NaN;
      }
    }
    return new SceneFlowField(image.width(), image.height(), velocity);
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

  private Image16 read16(Path file, int channels) {
    try {
      Image16 image = codec.decode16(Files.readAllBytes(file));
      if (image.channels() != channels) {
        throw new SourceException(
            "%s: has %d channels, expected %d; run replay again"
                .formatted(file, image.channels(), channels));
      }
      return image;
    } catch (IOException | ImageFormatException e) {
      throw damaged(file, e);
    }
  }

  private static float[] fromMilli(Image16 image) {
    float[] values = new float[image.data().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.data()[i] == 0 ? Float.NaN : image.unsigned(i) * MILLI;
    }
    return values;
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

  /** The stamps in the ledger's column {@code stamp}. */
  private static List<Timestamp> ledgerStamps(Path ledger) {
    if (!Files.exists(ledger)) {
      return List.of();
    }
    try {
      List<String> lines = Files.readAllLines(ledger);
      int column = lines.isEmpty() ? -1 : Arrays.asList(lines.get(0).split(",")).indexOf("stamp");
      if (column < 0) {
        throw new SourceException(ledger + ": has no column \"stamp\"; run replay again");
      }
      List<Timestamp> stamps = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        stamps.add(Timestamp.parseSeconds(line.split(",", -1)[column]));
      }
      return stamps;
    } catch (IOException | RuntimeException e) {
      throw e instanceof SourceException known ? known : damaged(ledger, e);
    }
  }

  private static SourceException damaged(Path file, Exception e) {
    return new SourceException(
        "%s: cannot be read (%s); run replay again".formatted(file, e.getMessage()), e);
  }
}
