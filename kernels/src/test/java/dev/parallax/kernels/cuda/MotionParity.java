package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.MotionKernels.Belief;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Parity of the judgement of motion: on noise, and on a poster that falls before a wall. */
final class MotionParity {
  private static final Tolerance TOLERANCE =
      new Tolerance(
          0, 1e-5, 0, "exponentials of two libraries: one in 10^8 is rounded to another single");

  /** Pictures over which evidence gathers. */
  private static final int FRAMES = 4;

  private static final double WALL_RHO = 0.2;

  private MotionParity() {}

  static List<ParityCase> cases() {
    return IntStream.of(1, 2, 3).boxed().flatMap(MotionParity::casesOf).toList();
  }

  private static Stream<ParityCase> casesOf(int stride) {
    return Stream.of(
        new ParityCase(
            "motion in noise, stride %d".formatted(stride),
            TOLERANCE,
            (k, s, size, r) -> noise(new ParityScene(k, s, size, stride, r))),
        new ParityCase(
            "motion of a poster, stride %d".formatted(stride),
            TOLERANCE,
            (k, s, size, r) -> poster(k, s, size, stride, r)),
        new ParityCase(
            "no motion after clearing, stride %d".formatted(stride),
            Tolerance.NONE,
            (k, s, size, r) -> cleared(new ParityScene(k, s, size, stride, r))));
  }

  private static Map<String, float[]> noise(ParityScene scene) {
    Estimate estimate = scene.belief();
    Belief now = poisoned(scene);
    scene
        .kernels()
        .motion()
        .judge(
            scene.grid(),
            scene.grey(),
            scene.grey(),
            scene.flow(9),
            scene.inconsistency(),
            scene.covariance(),
            scene.motion(),
            ParityScene.RULES,
            estimate,
            believed(scene),
            now);
    return answer(scene.in(), estimate, now);
  }

  /** Any votes whose information is positive definite, and any log odds. */
  private static Belief believed(ParityScene scene) {
    Shape cells = MotionKernels.cells(scene.grid());
    float[] votes = new float[MotionKernels.CHANNELS * cells.pixels()];
    for (int i = 0; i < votes.length; i += MotionKernels.CHANNELS) {
      float[] any = scene.in().values(MotionKernels.CHANNELS, 0.1, 1, 0);
      any[2] = 0.9f * (any[2] - 0.5f) * (float) Math.sqrt(any[1] * any[3]);
      any[4] -= 0.5f;
      any[5] -= 0.5f;
      System.arraycopy(any, 0, votes, i, any.length);
    }
    return new Belief(
        scene.in().of(cells.withChannels(MotionKernels.CHANNELS), votes),
        scene.in().of(cells, scene.in().values(cells.pixels(), -4, 4, 0)));
  }

  private static Belief poisoned(ParityScene scene) {
    Shape cells = MotionKernels.cells(scene.grid());
    return new Belief(
        scene.in().poisonedF32(cells.withChannels(MotionKernels.CHANNELS)),
        scene.in().poisonedF32(cells));
  }

  private static Map<String, float[]> answer(ParityInput in, Estimate estimate, Belief now) {
    return Map.of(
        "votes", in.floats(now.votes()),
        "evidence", in.floats(now.evidence()),
        "motion", in.floats(estimate.motion()));
  }

  private static Map<String, float[]> cleared(ParityScene scene) {
    Belief belief = poisoned(scene);
    scene.kernels().motion().clear(belief);
    return Map.of(
        "votes", scene.in().floats(belief.votes()),
        "evidence", scene.in().floats(belief.evidence()));
  }

  /** A camera that slides before a wall; a poster in the middle falls. */
  static Map<String, float[]> poster(
      PerceptionKernels kernels, BufferScope scope, Shape size, int stride, Random random) {
    ParityScene scene = new ParityScene(kernels, scope, size, stride, random);
    ParityInput in = scene.in();
    Poster poster = new Poster(size, 2.5, -3.5, random);
    DeviceBuffer grey = in.of(size, poster.picture(false));
    DeviceBuffer before = in.of(size, poster.picture(true));
    DepthGrid grid = scene.grid();
    int pixels = grid.shape().pixels();
    float[] flow = new float[2 * pixels];
    float[] rho = new float[pixels];
    float[] open = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      int u = stride * (i % grid.width());
      int v = stride * (i / grid.width());
      boolean isPoster = poster.covers(u, v);
      flow[2 * i] = (float) ((poster.wallU() + 0.1 * random.nextGaussian()) / stride);
      flow[2 * i + 1] = (float) ((isPoster ? poster.fall() : 0.1 * random.nextGaussian()) / stride);
      // A part of the poster has no depth yet; here and there flow does not close.
      boolean isKnown = !isPoster || v < size.height() / 2;
      rho[i] = isKnown ? (float) (WALL_RHO * (1 + 0.01 * random.nextGaussian())) : Float.NaN;
      open[i] = random.nextInt(15) == 0 ? 9 : 0.1f / stride;
    }
    float[] covariance = new float[3 * pixels];
    float[] variance = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      covariance[3 * i] = 0.1f;
      covariance[3 * i + 2] = 0.1f;
      variance[i] = 4e-4f;
    }
    double way = poster.wallU() / (grid.camera().fx() * WALL_RHO);
    double[] slides = {1, 0, 0, way, 0, 1, 0, 0, 0, 0, 1, 0};
    Estimate estimate =
        new Estimate(
            in.of(scene.shape(1), rho),
            in.of(scene.shape(1), variance),
            in.poisonedF32(scene.shape(1)));
    DeviceBuffer flowBuffer = in.of(scene.shape(2), flow);
    DeviceBuffer openBuffer = in.of(scene.shape(1), open);
    DeviceBuffer covarianceBuffer = in.of(scene.shape(3), covariance);
    Belief nothing = poisoned(scene);
    kernels.motion().clear(nothing);
    MotionJudge motion = new MotionJudge(kernels.motion(), grid, nothing, poisoned(scene));
    DeviceBuffer[] pictures = {grey, before};
    for (int frame = 0; frame < FRAMES; frame++) {
      motion.judge(
          pictures, flowBuffer, openBuffer, covarianceBuffer, slides, ParityScene.RULES, estimate);
    }
    return answer(in, estimate, motion.now());
  }

  /**
   * A textured poster before a textured wall, now and one picture ago.
   *
   * @param wallU flow of the wall to the picture before, pixels to the right
   * @param fall of the poster beyond that, pixels downwards
   */
  record Poster(Shape size, double wallU, double fall, double[] waves) {
    private static final int WAVES = 16;

    Poster(Shape size, double wallU, double fall, Random random) {
      this(size, wallU, fall, random.doubles(6 * WAVES, 0.15, 1.1).toArray());
    }

    /** Whether a pixel of the present picture shows the poster. */
    boolean covers(double u, double v) {
      return Math.abs(u - size.width() / 2.0) < size.width() / 5.0
          && Math.abs(v - size.height() / 2.0) < size.height() / 5.0;
    }

    byte[] picture(boolean isBefore) {
      byte[] grey = new byte[size.pixels()];
      for (int i = 0; i < grey.length; i++) {
        double u = i % size.width() - (isBefore ? wallU : 0);
        double v = i / size.width();
        double fallen = v - (isBefore ? fall : 0);
        double value = covers(u, fallen) ? texture(u, fallen, 3 * WAVES) : texture(u, v, 0);
        grey[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
      return grey;
    }

    private double texture(double u, double v, int first) {
      double sum = 128;
      for (int k = first; k < first + 3 * WAVES; k += 3) {
        double sign = k % 2 == 0 ? 1 : -1;
        sum += 14 * Math.sin(waves[k] * u + sign * waves[k + 1] * v + 6 * waves[k + 2]);
      }
      return sum;
    }
  }
}
