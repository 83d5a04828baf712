package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageFormatException;
import dev.parallax.nodes.source.FolderFiles.UnreadableFile;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.UndistortionMap;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a folder knows to be true: poses and sensor depth of its layout, and the fields a simulator
 * left beside the pictures. Depth registered to a distorted picture is rectified, nearest sample; a
 * rectified stereo pair without depth gives {@link StereoTruth}.
 */
final class FolderTruth implements GroundTruth {
  static final String FLOW = "flow_backward";
  static final String SCENE_FLOW = "scene_flow";
  static final String MOVING_MASK = "moving_mask";

  private final Path folder;
  private final List<Timestamp> frameStamps;
  private final Map<Timestamp, Path> depthFiles = new HashMap<>();
  private final List<StampedPose> poses;
  private final double depthUnitsPerM;
  private final @Nullable CameraModel camera;
  private final Map<Timestamp, Path> pictures = new HashMap<>();
  private final @Nullable StereoTruth stereo;
  private @Nullable UndistortionMap undistortion;

  private FolderTruth(Path folder, FolderLayout layout, RecordingOptions options) {
    this.folder = folder;
    List<FolderFrame> frames = layout.frames(folder, warning -> {}); // the source tells them
    this.frameStamps = frames.stream().map(FolderFrame::stamp).toList();
    for (FolderFrame frame : frames) {
      pictures.put(frame.stamp(), frame.picture());
      if (frame.depth() != null) {
        depthFiles.put(frame.stamp(), frame.depth());
      }
    }
    this.poses = layout.poses(folder, frames);
    this.depthUnitsPerM = options.depthUnitsPerM().orElseGet(() -> layout.depthUnitsPerM(folder));
    Optional<StereoRig> rig = depthFiles.isEmpty() ? layout.stereo(folder) : Optional.empty();
    this.camera =
        depthFiles.isEmpty() && rig.isEmpty() ? null : camera(folder, layout, frames, options);
    this.stereo =
        rig.isEmpty() || camera == null ? null : new StereoTruth(rig.get(), camera.rectified());
  }

  /**
   * @throws SourceException if the folder is in no known layout or its index is damaged
   */
  static FolderTruth open(Path folder, RecordingOptions options) {
    return new FolderTruth(folder, FolderLayouts.of(folder), options);
  }

  @Override
  public @Nullable PinholeCamera camera() {
    return camera == null ? null : camera.rectified();
  }

  @Override
  public List<StampedPose> poses() {
    return poses;
  }

  @Override
  public List<Timestamp> frameStamps() {
    return frameStamps;
  }

  @Override
  public @Nullable String depthOrigin() {
    return stereo == null ? null : stereo.origin();
  }

  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    Path picture = pictures.get(stamp);
    if (stereo != null) {
      return picture == null ? null : stereo.depth(picture);
    }
    Path file = depthFiles.get(stamp);
    if (file == null || camera == null) {
      return null;
    }
    try {
      return rectified(
          camera, file, FieldImages.depth(FolderFiles.image16(file), depthUnitsPerM, 0));
    } catch (UnreadableFile e) {
      throw damaged(e);
    } catch (ImageFormatException e) {
      throw damaged(FolderFiles.unreadable(file, e));
    }
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    Path file = extra(FLOW, stamp);
    return Files.exists(file) ? field(file, FieldImages::flow) : null;
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    Path file = extra(SCENE_FLOW, stamp);
    return Files.exists(file) ? field(file, FieldImages::sceneFlow) : null;
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    Path file = extra(MOVING_MASK, stamp);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Picture mask = FolderFiles.picture(file);
      if (mask.format() != Picture.Format.MONO8) {
        throw new SourceException(file + ": a moving mask is grey (mono8); restore it");
      }
      return new MovingMask(mask.width(), mask.height(), mask.data());
    } catch (UnreadableFile e) {
      throw damaged(e);
    }
  }

  private static CameraModel camera(
      Path folder, FolderLayout layout, List<FolderFrame> frames, RecordingOptions options) {
    CameraCalibration given = options.calibration();
    return (given != null ? given : layout.calibration(folder, frames, warning -> {})).model();
  }

  private DepthMap rectified(CameraModel model, Path file, DepthMap depth) {
    if (depth.width() != model.width() || depth.height() != model.height()) {
      throw new SourceException(
          "%s: is %dx%d but the camera %dx%d; true depth must be as large as the picture"
              .formatted(file, depth.width(), depth.height(), model.width(), model.height()));
    }
    if (model.isRectified()) {
      return depth;
    }
    if (undistortion == null) {
      undistortion = UndistortionMap.of(model);
    }
    return new DepthMap(
        depth.width(),
        depth.height(),
        undistortion.sampleNearest(depth.depthM()),
        undistortion.sampleNearest(depth.stdM()));
  }

  private Path extra(String kind, Timestamp stamp) {
    return folder.resolve(kind).resolve(stamp + ".png");
  }

  private interface Decoder<T> {
    T decode(Image16 image) throws ImageFormatException;
  }

  private static <T> T field(Path file, Decoder<T> decoder) {
    try {
      return decoder.decode(FolderFiles.image16(file));
    } catch (UnreadableFile e) {
      throw damaged(e);
    } catch (ImageFormatException e) {
      throw damaged(FolderFiles.unreadable(file, e));
    }
  }

  private static SourceException damaged(UnreadableFile e) {
    return new SourceException(String.valueOf(e.getMessage()), e);
  }
}
