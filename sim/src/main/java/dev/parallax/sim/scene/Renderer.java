package dev.parallax.sim.scene;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.CameraModel;
import org.jspecify.annotations.Nullable;

/**
 * Draws a scene by casting a ray through every pixel, and knows the exact truth of what it drew.
 * The output depends on the scene, the camera and the instants only, never on the number of
 * threads. One caller at a time; closing it ends its threads.
 */
public final class Renderer implements AutoCloseable {
  private final RayTable table;
  private final ParallelRows rows;

  /**
   * @param camera any model; pixels without a ray stay black and have no truth
   * @param threads how many threads draw, the caller included
   */
  public Renderer(CameraModel camera, int threads) {
    table = new RayTable(camera);
    rows = new ParallelRows(threads);
  }

  public CameraModel camera() {
    return table.camera;
  }

  /** The truth of the picture taken at {@code when}, without drawing it. */
  SceneTruth truth(Scene scene, PointMotion.Instants when) {
    CameraView view = new CameraView(scene, table, when.T_world_cam(), when.nowS());
    TruthPainter painter = new TruthPainter(view, when);
    FrameCanvas canvas = new FrameCanvas(table);
    rows.forEach(table.tilesY, row -> canvas.castTileRow(row, view, null, painter));
    return truthOf(painter);
  }

  /** A picture and, from the same rays, its truth. */
  Rendered render(
      Scene scene, Trajectory trajectory, PointMotion.Instants when, Exposure exposure) {
    TruthPainter painter = null;
    float[] sum = null;
    for (int i = 0; i < exposure.samples(); i++) {
      double timeS = when.nowS() + exposure.offsetS(i);
      CameraView view = new CameraView(scene, table, trajectory.T_world_cam(timeS), timeS);
      // The middle sample is taken at the stamp itself and carries the truth.
      boolean middle = i == exposure.samples() / 2;
      TruthPainter truth = middle ? new TruthPainter(view, when) : null;
      painter = middle ? truth : painter;
      sum = accumulated(sum, draw(view, truth), exposure.samples());
    }
    if (painter == null || sum == null) {
      throw new IllegalStateException("An exposure has at least one sample");
    }
    return new Rendered(developed(sum, when.nowS(), exposure), truthOf(painter));
  }

  private float[] draw(CameraView view, @Nullable TruthPainter truth) {
    Shader shader = new Shader(view);
    FrameCanvas canvas = new FrameCanvas(table);
    rows.forEach(table.tilesY, row -> canvas.castTileRow(row, view, shader, truth));
    rows.forEach(table.tilesY, row -> canvas.smoothTileRow(row, view, shader));
    return canvas.rgb();
  }

  private Picture developed(float[] rgb, double timeS, Exposure exposure) {
    byte[] bgr8 = new byte[rgb.length];
    rows.forEach(
        table.height,
        row -> exposure.sensor().expose(row, table.width, exposure.frame(), timeS, rgb, bgr8));
    return new Picture(table.width, table.height, Picture.Format.BGR8, bgr8);
  }

  private static float[] accumulated(float @Nullable [] sum, float[] added, int samples) {
    if (samples == 1) {
      return added;
    }
    float[] into = sum == null ? new float[added.length] : sum;
    for (int i = 0; i < into.length; i++) {
      into[i] += added[i] / samples;
    }
    return into;
  }

  private static SceneTruth truthOf(TruthPainter painter) {
    return new SceneTruth(
        painter.depth(),
        painter.forwardFlow(),
        painter.backwardFlow(),
        painter.sceneFlow(),
        painter.movingMask());
  }

  @Override
  public void close() {
    rows.close();
  }

  /** A picture and its truth. */
  record Rendered(Picture picture, SceneTruth truth) {}

  /**
   * How one picture is exposed.
   *
   * @param frame the frame's number, which seeds its noise
   * @param openS how long the shutter is open, seconds
   * @param samples instants averaged over that time, an odd number; 1 draws without motion blur
   */
  record Exposure(ImageSensor sensor, long frame, double openS, int samples) {
    Exposure {
      if (samples < 1 || samples % 2 == 0) {
        throw new IllegalArgumentException(
            "Motion blur needs an odd number of samples, got " + samples);
      }
    }

    double offsetS(int sample) {
      return openS * (sample - samples / 2) / samples;
    }
  }
}
