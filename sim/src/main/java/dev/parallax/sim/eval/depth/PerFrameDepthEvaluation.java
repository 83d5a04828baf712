package dev.parallax.sim.eval.depth;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges depth that is made of each picture by itself: as given, after one scale for the clip, and
 * after a scale of each frame's own, which no stream of depth may use and which says what a filter
 * that knows the scale could take from it. Keeps the frames.
 */
public final class PerFrameDepthEvaluation {
  private final List<DepthFrame> frames = new ArrayList<>();
  private long pixels;
  private long known;

  /**
   * @param factorSpread standard deviation of the logarithm of the frames' own scales
   * @param within1 share of errors within one predicted std, each frame at its own scale
   * @param certainHalf AbsRel of the half of the pixels with the least std, each frame at its own
   *     scale
   */
  public record Result(
      int frames,
      double density,
      Figures asGiven,
      Figures clipScale,
      Figures frameScale,
      double factorSpread,
      double within1,
      double within2,
      double certainHalf) {}

  /**
   * TAE at one scale for the clip, to be read beside that of a run.
   *
   * @param percent NaN where no two frames that follow one another have a true pose
   */
  public record Steadiness(int pairs, double percent) {}

  /** Means over all pixels with truth. */
  public record Figures(double absRel, double delta1) {}

  /**
   * Adds a frame.
   *
   * @param depth {@code [h w]} of the grid, NaN where unknown; likewise {@code std}
   * @param truthM {@code [h w]} of the grid, metres, NaN where unknown
   */
  public void add(Timestamp stamp, PinholeCamera grid, float[] depth, float[] std, float[] truthM) {
    DepthFrame frame = new DepthFrame(stamp, grid, depth, std, truthM);
    int here = 0;
    for (int i = 0; i < truthM.length; i++) {
      pixels += truthM[i] > 0 ? 1 : 0;
      here += frame.isKnown(i) ? 1 : 0;
    }
    known += here;
    if (here > 0) {
      frames.add(frame);
    }
  }

  /**
   * @throws IllegalStateException if no frame had a pixel to judge
   */
  public Result result() {
    AlignmentFit fit = clip();
    List<DepthFrame> scaled = new ArrayList<>();
    double sum = 0;
    double squares = 0;
    for (DepthFrame frame : frames) {
      double factor = frame.medianRatio();
      sum += Math.log(factor);
      squares += Math.log(factor) * Math.log(factor);
      scaled.add(scaled(frame, (float) factor));
    }
    double mean = sum / frames.size();
    StdCalibration calibration = new StdCalibration(new DepthAlignment.AsPublished());
    scaled.forEach(calibration::add);
    StdCalibration.Result std = calibration.result();
    return new Result(
        frames.size(),
        (double) known / pixels,
        figures(frames, new DepthAlignment.AsPublished()),
        figures(frames, fit.medianScale()),
        figures(scaled, new DepthAlignment.AsPublished()),
        Math.sqrt(Math.max(0, squares / frames.size() - mean * mean)),
        std.within1(),
        std.within2(),
        std.absRelCertainHalf());
  }

  /**
   * How steady the depth is from frame to frame.
   *
   * @throws IllegalStateException if no frame had a pixel to judge
   */
  public Steadiness steadiness(GroundTruth truth) {
    DepthAlignment scaled = clip().medianScale();
    TruePoses poses = new TruePoses(truth, frames.stream().map(DepthFrame::stamp).toList());
    TemporalAlignmentError error = new TemporalAlignmentError();
    for (int i = 1; i < frames.size(); i++) {
      DepthFrame before = frames.get(i - 1);
      DepthFrame frame = frames.get(i);
      Se3 T_now_then = poses.T_now_then(before.stamp(), frame.stamp());
      if (T_now_then != null) {
        error.add(frame.camera(), before.metres(scaled), frame.metres(scaled), T_now_then);
      }
    }
    TemporalAlignmentError.Result result = error.result();
    return new Steadiness(result.pairs(), result.percent());
  }

  private AlignmentFit clip() {
    if (frames.isEmpty()) {
      throw new IllegalStateException("No pixel of any frame could be judged");
    }
    AlignmentFit fit = new AlignmentFit();
    frames.forEach(fit::add);
    return fit;
  }

  private static Figures figures(List<DepthFrame> all, DepthAlignment alignment) {
    DepthError error = new DepthError(alignment);
    all.forEach(error::add);
    return new Figures(error.result().absRel(), error.result().delta1());
  }

  private static DepthFrame scaled(DepthFrame frame, float factor) {
    float[] depth = frame.estimate().clone();
    float[] std = frame.std().clone();
    for (int i = 0; i < depth.length; i++) {
      depth[i] *= factor;
      std[i] *= factor;
    }
    return new DepthFrame(frame.stamp(), frame.camera(), depth, std, frame.truthM());
  }
}
