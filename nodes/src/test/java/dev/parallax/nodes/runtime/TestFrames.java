package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.StageTimings;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Small frames and outcomes for the tests of what surrounds the pipeline. */
public final class TestFrames {
  public static final PinholeCamera CAMERA = new PinholeCamera(8, 6, 8, 8, 3.5, 2.5);
  private static final long FRAME_NS = 100_000_000L;

  private TestFrames() {}

  public static FrameId id(long sequence) {
    return new FrameId(new CameraId("test"), sequence);
  }

  public static Timestamp stamp(long sequence) {
    return new Timestamp(1_000_000_000L + sequence * FRAME_NS);
  }

  public static SourceItem.Frame frame(long sequence) {
    Picture picture = new Picture(8, 6, Picture.Format.MONO8, new byte[48]);
    CameraCalibration calibration = new CameraCalibration(CAMERA, CameraCalibration.Origin.GIVEN);
    return new SourceItem.Frame(
        new CameraFrame(id(sequence), stamp(sequence), calibration, picture, null));
  }

  /** The same picture as a camera of another name took it. */
  public static CameraFrame from(String camera, CameraFrame f) {
    return new CameraFrame(
        new FrameId(new CameraId(camera), f.id().sequence()),
        f.stamp(),
        f.calibration(),
        f.picture(),
        null);
  }

  public static SourceItem.Refused refused(long sequence) {
    return new SourceItem.Refused(id(sequence), stamp(sequence), "picture.png: cut short");
  }

  /** An outcome whose every pixel is the same, its lengths in an arbitrary unit. */
  public static Estimated estimated(SourceItem.Frame frame, float depthM, OccupancyDelta map) {
    return estimated(frame, depthM, map, ScaleSource.RELATIVE);
  }

  /** An outcome whose every pixel is the same. */
  public static Estimated estimated(
      SourceItem.Frame frame, float depthM, OccupancyDelta map, ScaleSource scale) {
    int pixels = CAMERA.width() * CAMERA.height();
    return new Estimated(
        frame.id(),
        frame.stamp(),
        frame.frame().calibration().model().rectified(),
        CAMERA,
        frame.frame().picture(),
        new PoseEstimate(
            frame.stamp(),
            Se3.ofTranslation(0.1 * frame.id().sequence(), 0, 0),
            new double[36],
            motion(frame),
            0.9,
            TrackingState.TRACKING,
            scale,
            ScaleFigures.none(),
            TrackingFigures.none()),
        new DepthMap(8, 6, filled(pixels, depthM), filled(pixels, depthM / 100)),
        new SceneFlowField(8, 6, filled(3 * pixels, 0)),
        new MovingMask(8, 6, new byte[pixels]),
        map,
        new StageTimings(Map.of(Stage.FLOW, 2_000_000L, Stage.TOTAL, 5_000_000L)));
  }

  /** A tenth of a metre in a tenth of a second, but for the first frame. */
  private static Optional<CameraMotion> motion(SourceItem.Frame frame) {
    return frame.id().sequence() == 0
        ? Optional.empty()
        : Optional.of(new CameraMotion(Se3.ofTranslation(0.1, 0, 0), 0.1, new double[36]));
  }

  private static float[] filled(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return values;
  }

  /** A source that delivers these items. */
  public static FrameSource source(List<? extends SourceItem> items) {
    Iterator<? extends SourceItem> iterator = items.iterator();
    return new FrameSource() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public OptionalLong frameCount() {
        return OptionalLong.of(items.size());
      }

      @Override
      public SourceItem next() {
        return iterator.hasNext() ? iterator.next() : null;
      }

      @Override
      public List<String> warnings() {
        return List.of("test data");
      }

      @Override
      public void close() {}
    };
  }
}
