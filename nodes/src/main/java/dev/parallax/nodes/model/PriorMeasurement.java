package dev.parallax.nodes.model;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.UndistortionMap;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.depth.PerFrameDepthEvaluation;
import dev.parallax.sim.eval.depth.TruthSampler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A network's depth of each picture by itself, held against a recording's own. One thread. */
public final class PriorMeasurement {
  private final DepthPrior prior;
  private final GroundTruth truth;
  private final PinholeCamera camera;
  private final double knownShare;
  private final PerFrameDepthEvaluation evaluation = new PerFrameDepthEvaluation();
  private final List<Double> millis = new ArrayList<>();
  private @Nullable UndistortionMap map;

  /**
   * @param prior not closed by this
   * @param camera of the true depth
   * @param knownShare of the pixels whose true depth the network is told, in blocks
   */
  public PriorMeasurement(
      DepthPrior prior, GroundTruth truth, PinholeCamera camera, double knownShare) {
    this.prior = prior;
    this.truth = truth;
    this.camera = camera;
    this.knownShare = knownShare;
  }

  /**
   * Runs the network on a frame; passes over one without true depth.
   *
   * @throws PriorException if the network fails
   */
  public void add(CameraFrame frame) throws PriorException {
    DepthMap depth = truth.depth(frame.stamp());
    if (depth == null) {
      return;
    }
    Picture picture = rectified(frame);
    PinholeCamera own = frame.calibration().model().rectified();
    float[] known = knownShare > 0 ? known(depth, own) : null;
    long start = System.nanoTime();
    PriorDepth answer = prior.estimate(picture, own, known);
    millis.add((System.nanoTime() - start) / 1e6);
    float[] truthM = new TruthSampler(camera, answer.grid()).sample(depth.depthM());
    evaluation.add(frame.stamp(), answer.grid(), answer.depth(), answer.std(), truthM);
  }

  /** What each picture took, milliseconds, in order; as many as had true depth. */
  public List<Double> millis() {
    return List.copyOf(millis);
  }

  /**
   * @throws IllegalStateException if no frame had a pixel to judge
   */
  public PerFrameDepthEvaluation.Result result() {
    return evaluation.result();
  }

  /** How steady that depth is by the recording's true poses. */
  public PerFrameDepthEvaluation.Steadiness steadiness() {
    return evaluation.steadiness(truth);
  }

  private Picture rectified(CameraFrame frame) {
    if (frame.calibration().model().isRectified()) {
      return frame.picture();
    }
    UndistortionMap known = map == null ? UndistortionMap.of(frame.calibration().model()) : map;
    map = known;
    return nearest(frame.picture(), known);
  }

  /** Every second block of the true depth or so, as inverse depth on the picture's grid. */
  private float[] known(DepthMap depth, PinholeCamera own) {
    float[] metres = new TruthSampler(camera, own).sample(depth.depthM());
    int block = Math.max(1, own.width() / 16);
    for (int i = 0; i < metres.length; i++) {
      int cell = i / own.width() / block * 31 + i % own.width() / block;
      boolean told = Math.floorMod(cell * 0x9E3779B1, 1000) < 1000 * knownShare;
      metres[i] = told && metres[i] > 0 ? 1 / metres[i] : 0;
    }
    return metres;
  }

  private static Picture nearest(Picture picture, UndistortionMap map) {
    int channels = picture.format().channels();
    byte[] out = new byte[picture.data().length];
    float[] uv = map.sourceUv();
    for (int i = 0; i < uv.length / 2; i++) {
      if (!Float.isNaN(uv[2 * i])) {
        int from = Math.round(uv[2 * i + 1]) * picture.width() + Math.round(uv[2 * i]);
        System.arraycopy(picture.data(), channels * from, out, channels * i, channels);
      }
    }
    return new Picture(picture.width(), picture.height(), picture.format(), out);
  }
}
