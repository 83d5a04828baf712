package dev.parallax.sim.scene;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.sim.eval.StampedPose;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A recording that is drawn as it is read: pictures of a scene along a trajectory, each with its
 * exact truth. Any frame can be drawn on its own and comes out the same. One thread at a time.
 */
public final class SimulatedSequence implements Iterable<SimulatedFrame>, AutoCloseable {
  /** Stamp of the first picture; not zero, which ROS takes for no stamp. */
  static final long START_NS = 1_000_000_000L;

  private static final CameraId CAMERA = new CameraId("camera");
  private static final int BLUR_SAMPLES = 5;

  private final String name;
  private final Scene scene;
  private final Trajectory trajectory;
  private final SimulationConfig config;
  private final ImageSensor sensor;
  private final Renderer renderer;

  public SimulatedSequence(
      String name, Scene scene, Trajectory trajectory, SimulationConfig config) {
    this.name = name;
    this.scene = scene;
    this.trajectory = trajectory;
    this.config = config;
    sensor = config.noise() ? ImageSensor.typical(config.seed()) : ImageSensor.perfect();
    renderer = new Renderer(config.camera(), config.threads());
  }

  /** A named scene with its own trajectory. */
  public static SimulatedSequence of(Scenes scene, SimulationConfig config) {
    Scenes.Staged staged = scene.stage(config.seed(), config.frames() / config.fps());
    return new SimulatedSequence(scene.label(), staged.scene(), staged.trajectory(), config);
  }

  /** A robot driving through a room with walking people, 640x480. */
  public static SimulatedSequence room(long seed, int frames, double fps) {
    return of(Scenes.ROOM, SimulationConfig.defaults(seed, frames, fps));
  }

  /** A drive down a street, 640x480. */
  public static SimulatedSequence street(long seed, int frames, double fps) {
    return of(Scenes.STREET, SimulationConfig.defaults(seed, frames, fps));
  }

  public String name() {
    return name;
  }

  public SimulationConfig config() {
    return config;
  }

  public Scene scene() {
    return scene;
  }

  public Trajectory trajectory() {
    return trajectory;
  }

  public int frameCount() {
    return config.frames();
  }

  /** The stamp of a picture, whole nanoseconds. */
  public Timestamp stamp(int index) {
    return new Timestamp(START_NS + Math.round(index * 1e9 / config.fps()));
  }

  /** The true pose at a picture's stamp. */
  public StampedPose pose(int index) {
    return new StampedPose(stamp(index), trajectory.T_world_cam(timeS(index)));
  }

  /**
   * Draws one picture with its truth. The first picture's backward flow and the last one's forward
   * flow are NaN, since there is no picture that they lead to.
   *
   * @throws IndexOutOfBoundsException if there is no such picture
   */
  public SimulatedFrame frame(int index) {
    PointMotion.Instants when = instants(index);
    double openS = config.shutterOpenS();
    Renderer.Exposure exposure =
        new Renderer.Exposure(sensor, index, openS, openS > 0 ? BLUR_SAMPLES : 1);
    Renderer.Rendered drawn = renderer.render(scene, trajectory, when, exposure);
    SceneTruth truth = atTheEnds(index, drawn.truth());
    CameraFrame frame =
        new CameraFrame(
            new FrameId(CAMERA, index),
            stamp(index),
            new CameraCalibration(config.camera(), CameraCalibration.Origin.GIVEN),
            drawn.picture(),
            sensorDepth(truth.depth()));
    return new SimulatedFrame(
        frame,
        when.T_world_cam(),
        truth.depth(),
        truth.forwardFlow(),
        truth.backwardFlow(),
        truth.sceneFlow(),
        truth.movingMask());
  }

  /** The truth of one picture without drawing it, as seen by any camera at the same pose. */
  SceneTruth truth(int index, Renderer other) {
    return atTheEnds(index, other.truth(scene, instants(index)));
  }

  private PointMotion.Instants instants(int index) {
    if (index < 0 || index >= config.frames()) {
      throw new IndexOutOfBoundsException(
          "Frame %d of a sequence of %d".formatted(index, config.frames()));
    }
    return PointMotion.Instants.of(trajectory, timeS(index - 1), timeS(index), timeS(index + 1));
  }

  private SceneTruth atTheEnds(int index, SceneTruth truth) {
    return new SceneTruth(
        truth.depth(),
        index + 1 == config.frames() ? unknownLike(truth.forwardFlow()) : truth.forwardFlow(),
        index == 0 ? unknownLike(truth.backwardFlow()) : truth.backwardFlow(),
        truth.sceneFlow(),
        truth.movingMask());
  }

  private static FlowField unknownLike(FlowField flow) {
    float[] uv = new float[flow.uv().length];
    Arrays.fill(uv, Float.NaN);
    return new FlowField(flow.width(), flow.height(), uv);
  }

  /** Seconds since the first picture, from the whole-nanosecond stamps so that both agree. */
  private double timeS(int index) {
    return (stamp(index).nanos() - START_NS) / 1e9;
  }

  private @Nullable DepthMap sensorDepth(DepthMap truth) {
    double range = config.sensorRangeM();
    if (range == 0) {
      return null;
    }
    float[] depthM = truth.depthM().clone();
    float[] stdM = truth.stdM().clone();
    for (int i = 0; i < depthM.length; i++) {
      if (!(depthM[i] <= range)) {
        depthM[i] = Float.NaN;
        stdM[i] = Float.NaN;
      }
    }
    return new DepthMap(truth.width(), truth.height(), depthM, stdM);
  }

  @Override
  public Iterator<SimulatedFrame> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < config.frames();
      }

      @Override
      public SimulatedFrame next() {
        if (!hasNext()) {
          throw new NoSuchElementException("The sequence has ended");
        }
        return frame(next++);
      }
    };
  }

  @Override
  public void close() {
    renderer.close();
  }
}
