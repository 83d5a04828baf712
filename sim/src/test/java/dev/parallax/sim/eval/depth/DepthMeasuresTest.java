package dev.parallax.sim.eval.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.EvalReport.Curve;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DepthMeasuresTest {
  private static final float NAN = Float.NaN;
  private static final Offset<Double> EXACT = within(1e-6);

  /** Bins of a per mille limit what a quantile can tell. */
  private static final Offset<Double> BINNED = within(1e-3);

  @Test
  void errorsOfFourPixelsAsPublished() {
    // d* = 2 2 4 5, d = 2.2 2 3 unknown: |e| = 0.2 0 1 -
    DepthError error = new DepthError(new DepthAlignment.AsPublished());
    double frame = error.add(row(new float[] {2.2f, 2, 3, NAN}, new float[] {2, 2, 4, 5}));
    DepthError.Result r = error.result();
    assertThat(r.pixels()).isEqualTo(3);
    assertThat(r.absRel()).isCloseTo((0.1 + 0 + 0.25) / 3, EXACT);
    assertThat(frame).isCloseTo(r.absRel(), EXACT);
    assertThat(r.rmseM()).isCloseTo(Math.sqrt((0.04 + 0 + 1) / 3), EXACT);
    assertThat(r.maeM()).isCloseTo(0.4, EXACT);
    // Ratios 1.1, 1 and 4/3: two of three are below 1.25.
    assertThat(r.delta1()).isCloseTo(2.0 / 3, EXACT);
  }

  @Test
  void signedErrorIsOfEachFramesMedianPixel() {
    AlignmentFit fit = new AlignmentFit();
    DepthFrame right = row(new float[] {1, 2, 9}, new float[] {2, 4, 6});
    DepthFrame lags = row(new float[] {1.1f, 2.2f, 9}, new float[] {2, 4, 8});
    DepthFrame empty = row(new float[] {NAN}, new float[] {2});
    fit.add(right);
    fit.add(row(new float[] {1, 1}, new float[] {2, 2})); // the clip's scale is 2
    SignedError signed = new SignedError(fit.medianScale());
    signed.add(right);
    signed.add(lags);
    signed.add(empty);
    SignedError.Result result = signed.result();
    assertThat(result.frames()).isEqualTo(2);
    assertThat(result.mean()).isCloseTo(0.05, BINNED);
    assertThat(result.worst()).isCloseTo(0.1, within(2e-3)); // a tenth too far
  }

  @Test
  void oneMedianScaleForTheWholeClip() {
    // Ratios of frame one: 2 2 2, of frame two: 2 3. The median of all five is 2.
    AlignmentFit fit = new AlignmentFit();
    DepthFrame one = row(new float[] {1, 2, 3}, new float[] {2, 4, 6});
    DepthFrame two = row(new float[] {1, 1}, new float[] {2, 3});
    fit.add(one);
    fit.add(two);
    assertThat(fit.medianScale().scale()).isCloseTo(2, BINNED);
    DepthError error = new DepthError(fit.medianScale());
    error.add(one);
    error.add(two);
    // Only the last pixel is wrong: 2 for 3, AbsRel 1/3 over five pixels.
    assertThat(error.result().absRel()).isCloseTo(1.0 / 15, BINNED);
  }

  @Test
  void scaleAndShiftInDisparityUndoesBoth() {
    // 1/d* = 0.5/d + 0.1 for d = 1 2 4: disparities 0.6 0.35 0.225.
    AlignmentFit fit = new AlignmentFit();
    DepthFrame frame = row(new float[] {1, 2, 4}, new float[] {1 / 0.6f, 1 / 0.35f, 1 / 0.225f});
    fit.add(frame);
    DepthAlignment.DisparityScaleShift found = fit.disparityScaleShift();
    assertThat(found.scale()).isCloseTo(0.5, EXACT);
    assertThat(found.shift()).isCloseTo(0.1, EXACT);
    DepthError error = new DepthError(found);
    error.add(frame);
    assertThat(error.result().absRel()).isCloseTo(0, EXACT);
  }

  @Test
  void disparityBelowZeroIsHeldAtTheFarthestTrueDepth() {
    DepthAlignment held = new DepthAlignment.DisparityScaleShift(1, -0.5, 1, 8);
    assertThat(held.metres(4)).isEqualTo(8); // 1/4 - 1/2 < 0
    assertThat(held.metres(1)).isEqualTo(2); // 1 - 1/2
    assertThat(held.metres(0.1)).isEqualTo(1); // 10 - 1/2, nearer than any truth
  }

  @Test
  void aDerivativeIsWhatItSays() {
    DepthAlignment a = new DepthAlignment.DisparityScaleShift(0.5, 0.1, 0.01, 100);
    double numeric = (a.metres(2 + 1e-6) - a.metres(2 - 1e-6)) / 2e-6;
    assertThat(a.metresPerUnit(2)).isCloseTo(numeric, within(1e-6));
  }

  @Test
  void truthIsTakenBetweenPixelsOnAPlaneAndNeverBetweenSurfaces() {
    PinholeCamera full = new PinholeCamera(4, 2, 100, 100, 1.5, 0.5);
    TruthSampler sampler = new TruthSampler(full, full.reducedBy(2));
    // Left block: inverse depths 0.50 0.49 / 0.48 0.47, a plane: its middle is 0.485.
    // Right block: 2 m beside 5 m, two surfaces: the nearest pixel (rounded up: lower right), 5 m.
    float[] depth = {1 / .50f, 1 / .49f, 2, 5, 1 / .48f, 1 / .47f, 2, 5};
    float[] sampled = sampler.sample(depth);
    assertThat(sampled[0]).isCloseTo(1 / .485f, within(1e-5f));
    assertThat(sampled[1]).isEqualTo(5);
    float[] holes = {2, 2, 2, NAN, 2, NAN, 2, Float.POSITIVE_INFINITY};
    assertThat(sampler.sample(holes)).containsOnly(NAN);
  }

  @Test
  void aGridOfItsOwnSizeIsTakenAsItIs() {
    PinholeCamera camera = new PinholeCamera(3, 1, 50, 50, 1, 0);
    float[] depth = {1, NAN, 3};
    assertThat(new TruthSampler(camera, camera).sample(depth)).containsExactly(1, NAN, 3);
  }

  @Test
  void pointsWithinTenCentimetresCount() {
    // One row of three pixels, f = 1000, centre 1: at 1 m points lie 1 mm apart.
    // Estimate 1.05 (5 cm off a true point), 1.5 (far off any), unknown; truth 1 1 1.
    PinholeCamera camera = new PinholeCamera(3, 1, 1000, 1000, 1, 0);
    PointCloudScore score = new PointCloudScore(new DepthAlignment.AsPublished());
    score.add(frame(camera, new float[] {1.05f, 1.5f, NAN}, new float[] {1, 1, 1}));
    // P = 1/2; every true point has the one at 1.05 within 10 cm: R = 1; F = 2·0.5/1.5 = 2/3.
    assertThat(score.result().precision()).isCloseTo(0.5, EXACT);
    assertThat(score.result().recall()).isCloseTo(1, EXACT);
    assertThat(score.result().fScore()).isCloseTo(2.0 / 3, EXACT);
  }

  @Test
  void theGridFindsTheSameNeighboursAsLookingAtAll() {
    Random random = new Random(3);
    float[] points = floats(random, 3 * 400);
    float[] asking = floats(random, 3 * 300);
    PointGrid grid = new PointGrid(points, 0.1);
    int found = 0;
    for (int q = 0; q < 300; q++) {
      boolean any = false;
      for (int i = 0; i < 400; i++) {
        double dx = points[3 * i] - asking[3 * q];
        double dy = points[3 * i + 1] - asking[3 * q + 1];
        double dz = points[3 * i + 2] - asking[3 * q + 2];
        any |= dx * dx + dy * dy + dz * dz <= 0.01;
      }
      assertThat(grid.hasNear(asking[3 * q], asking[3 * q + 1], asking[3 * q + 2])).isEqualTo(any);
      found += any ? 1 : 0;
    }
    assertThat(found).isBetween(20, 280); // both answers were asked for
  }

  @Test
  void anEdgeMovedByThreePixelsIsThreePixelsOff() {
    EdgeScore score = new EdgeScore();
    score.add(step(40, 20, 15, 18));
    // Both edges are whole columns but for the border row above and below: 18 of 20 rows.
    EdgeScore.Result r = score.result();
    assertThat(r.estimatedPixels()).isEqualTo(18);
    assertThat(r.truePixels()).isEqualTo(18);
    assertThat(r.accuracyPx()).isCloseTo(3, EXACT);
    assertThat(r.completenessPx()).isCloseTo(3, EXACT);
  }

  @Test
  void aMissingEdgeCostsTheCap() {
    EdgeScore score = new EdgeScore();
    DepthFrame moved = step(40, 20, 15, 18);
    float[] flat = new float[moved.truthM().length];
    Arrays.fill(flat, 1);
    score.add(frame(moved.camera(), flat, moved.truthM()));
    assertThat(score.result().completenessPx()).isCloseTo(10, EXACT);
    assertThat(score.result().accuracyPx()).isNaN(); // no estimated edge to judge
  }

  @Test
  void aSlopeIsNoEdge() {
    // 1 % a pixel: far below the weak threshold of 2.5 %.
    float[] slope = new float[400];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = (float) Math.exp(0.01 * (i % 20));
    }
    assertThat(DepthEdges.of(20, 20, slope)).containsOnly(false);
  }

  @Test
  void aWallThatComesNearerByTheCamerasStepIsConsistent() {
    // A wall at 4 m seen from 1 m nearer is at 3 m. Wide pixels: none leaves the picture's middle.
    PinholeCamera camera = new PinholeCamera(3, 3, 1, 1, 1, 1);
    Se3 T_after_before = Se3.ofTranslation(0, 0, -1);
    TemporalAlignmentError right = new TemporalAlignmentError();
    right.add(camera, wall(4), wall(3), T_after_before);
    assertThat(right.result().percent()).isCloseTo(0, EXACT);
    // 3.3 m instead: there |3.3 - 3| / 3.3, back |4 - 4.3| / 4; their mean in percent.
    TemporalAlignmentError wrong = new TemporalAlignmentError();
    wrong.add(camera, wall(4), wall(3.3f), T_after_before);
    assertThat(wrong.result().percent()).isCloseTo(100 * (0.3 / 3.3 + 0.3 / 4) / 2, within(1e-4));
    assertThat(wrong.result().pairs()).isEqualTo(1);
  }

  @Test
  void whatBecomesHiddenIsNotCompared() {
    // Two pixels, f = 10, centre 0. The camera moves right by 0.2 m, so points move left by 2/d px:
    // the right one at 2 m falls on the left pixel, where it hides the wall at 20 m, which moves by
    // 0.1 px and stays. After: left 2 m, right unknown. The wall behind it must not be compared.
    PinholeCamera camera = new PinholeCamera(2, 1, 10, 10, 0, 0);
    TemporalAlignmentError error = new TemporalAlignmentError();
    error.add(camera, new float[] {20, 2}, new float[] {2, NAN}, Se3.ofTranslation(-0.2, 0, 0));
    // There: 2 against 2. Back: 2 m at the left pixel returns to the right one, 2 against 2.
    assertThat(error.result().percent()).isCloseTo(0, EXACT);
  }

  @Test
  void coverageAndSparsificationOfFourPixels() {
    // Truth 1 everywhere; errors 0.05 0.1 0.3 0.4 with stds 0.1 0.2 0.2 0.1, in std: 0.5 0.5 1.5 4.
    StdCalibration std = new StdCalibration(new DepthAlignment.AsPublished());
    float[] truth = {1, 1, 1, 1};
    float[] estimate = {1.05f, 1.1f, 1.3f, 1.4f};
    float[] stds = {0.1f, 0.2f, 0.2f, 0.1f};
    PinholeCamera camera = new PinholeCamera(4, 1, 1, 1, 0, 0);
    std.add(new DepthFrame(new Timestamp(0), camera, estimate, stds, truth));
    StdCalibration.Result r = std.result();
    assertThat(r.within1()).isCloseTo(0.5, EXACT);
    assertThat(r.within2()).isCloseTo(0.75, EXACT);
    assertThat(r.absRelAll()).isCloseTo(0.85 / 4, EXACT);
    // std over depth: .095 .182 .154 .071, so the last and the first are the most certain.
    assertThat(r.absRelCertainHalf()).isCloseTo((0.4 + 0.05) / 2, EXACT);
    // Dropping half by true error leaves 0.05 and 0.1.
    Curve oracle = std.sparsificationOracle();
    assertThat(oracle.x()[10]).isCloseTo(0.5, EXACT);
    assertThat(oracle.y()[10]).isCloseTo(0.075, EXACT);
  }

  @Test
  void aStdThatIsRightIsCoveredAsAGaussianIs() {
    Random random = new Random(11);
    int n = 20_000;
    float[] truth = new float[n];
    float[] estimate = new float[n];
    float[] stds = new float[n];
    for (int i = 0; i < n; i++) {
      truth[i] = 2 + 3 * random.nextFloat();
      stds[i] = 0.02f + 0.1f * random.nextFloat();
      estimate[i] = (float) (truth[i] + stds[i] * random.nextGaussian()) / 7; // relative unit
      stds[i] /= 7;
    }
    StdCalibration std = new StdCalibration(new DepthAlignment.MedianScale(7));
    PinholeCamera camera = new PinholeCamera(n, 1, 1, 1, 0, 0);
    std.add(new DepthFrame(new Timestamp(0), camera, estimate, stds, truth));
    // 20,000 samples: standard error 0.0033 at 0.683.
    assertThat(std.result().within1()).isCloseTo(0.683, within(0.015));
    assertThat(std.result().within2()).isCloseTo(0.954, within(0.01));
    assertThat(std.result().absRelCertainHalf()).isLessThan(0.7 * std.result().absRelAll());
  }

  @Test
  void theGaussianCoverageCurveIsTheTextbooks() {
    Curve curve = StdCalibration.gaussianCoverage();
    assertThat(curve.y()[10]).isCloseTo(0.682689, within(1e-5));
    assertThat(curve.y()[20]).isCloseTo(0.954500, within(1e-5));
  }

  @Test
  void quantilesOfAHundredValues() {
    LogHistogram histogram = new LogHistogram();
    for (int i = 1; i <= 100; i++) {
      histogram.add(i, i);
    }
    assertThat(histogram.quantile(0.5)).isCloseTo(50, within(0.06));
    assertThat(histogram.meanCarriedBySmallest(0.1)).isCloseTo(5.5, EXACT);
    assertThat(histogram.meanCarriedBySmallest(1)).isCloseTo(50.5, EXACT);
    assertThat(new LogHistogram().quantile(0.5)).isNaN();
  }

  private static float[] wall(float depthM) {
    float[] depth = new float[9];
    Arrays.fill(depth, depthM);
    return depth;
  }

  /** Depth 1 m left of a column and 2 m from it on. */
  private static DepthFrame step(int width, int height, int trueColumn, int estimatedColumn) {
    float[] truth = new float[width * height];
    float[] estimate = new float[truth.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = i % width < trueColumn ? 1 : 2;
      estimate[i] = i % width < estimatedColumn ? 1 : 2;
    }
    return frame(new PinholeCamera(width, height, 30, 30, 20, 10), estimate, truth);
  }

  private static DepthFrame row(float[] estimate, float[] truth) {
    return frame(new PinholeCamera(estimate.length, 1, 1, 1, 0, 0), estimate, truth);
  }

  private static DepthFrame frame(PinholeCamera camera, float[] estimate, float[] truth) {
    float[] std = new float[estimate.length];
    Arrays.fill(std, NAN);
    return new DepthFrame(new Timestamp(0), camera, estimate, std, truth);
  }

  private static float[] floats(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
