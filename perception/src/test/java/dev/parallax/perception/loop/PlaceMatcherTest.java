package dev.parallax.perception.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.geometry.Sim3;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlaceMatcherTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(640, 480, 500, 500, 320, 240);
  private static final int N = 200;

  private final CpuKernels kernels = new CpuKernels(1);
  private final FeatureKernels features = kernels.features();
  private final PlaceMatcher matcher = new PlaceMatcher(features, CAMERA, LoopConfig.defaults());
  private final Random random = new Random(4);

  @AfterEach
  void close() {
    kernels.close();
  }

  /** Points 4 to 20 ahead of a camera, each with a descriptor of its own. */
  private double[][] world() {
    double[][] points = new double[N][];
    for (int i = 0; i < N; i++) {
      double z = 4 + 16 * random.nextDouble();
      points[i] =
          new double[] {z * (random.nextDouble() - 0.5), z * (random.nextDouble() - 0.5) * 0.7, z};
    }
    return points;
  }

  private long[] descriptors() {
    return random.longs((long) N * Features.WORDS).toArray();
  }

  /** What a camera sees, in a unit of its own; depth with a relative error. */
  private Place place(
      int index, double[][] world, long[] descriptors, Se3 T_cam_world, double unit, double error) {
    float[] uv = new float[2 * N];
    float[] points = new float[3 * N];
    for (int i = 0; i < N; i++) {
      double[] c = T_cam_world.transform(world[i][0], world[i][1], world[i][2]);
      uv[2 * i] = (float) (CAMERA.fx() * c[0] / c[2] + CAMERA.cx() + 0.4 * random.nextGaussian());
      uv[2 * i + 1] =
          (float) (CAMERA.fy() * c[1] / c[2] + CAMERA.cy() + 0.4 * random.nextGaussian());
      double z = c[2] / unit * (1 + error * random.nextGaussian());
      points[3 * i] = (float) ((uv[2 * i] - CAMERA.cx()) / CAMERA.fx() * z);
      points[3 * i + 1] = (float) ((uv[2 * i + 1] - CAMERA.cy()) / CAMERA.fy() * z);
      points[3 * i + 2] = (float) z;
    }
    Features seen = new Features(uv, new int[N], new float[N], descriptors);
    return new Place(index, 0, Se3.identity(), seen, points, Place.typicalDepth(points));
  }

  @Test
  void anOldPlaceIsLinkedWithItsMotionAndItsScale() {
    double[][] world = world();
    long[] descriptors = descriptors();
    Se3 T_b_a = Se3.exp(new double[] {0.8, 0.1, -1.2, 0.02, 0.1, 0});
    Place a = place(0, world, descriptors, Se3.identity(), 1, 0.05);
    Place b = place(40, world, descriptors, T_b_a, 1.25, 0.05);

    PlaceMatcher.Link link = matcher.link(a, b).orElseThrow();

    Sim3 truth = new Sim3(1.25, T_b_a.inverse());
    double[] error = truth.inverse().times(link.S_from_to()).chart();
    assertThat(link.inliers()).isGreaterThan(150);
    assertThat(Math.hypot(error[0], Math.hypot(error[1], error[2])))
        .as("of 1.4 moved")
        .isLessThan(0.06);
    assertThat(error[6]).as("log scale").isCloseTo(0, within(0.02));
  }

  @Test
  void likenessWithoutOneGeometryIsNoPlace() {
    long[] descriptors = descriptors();
    Place a = place(0, world(), descriptors, Se3.identity(), 1, 0.05);
    Place b = place(40, world(), descriptors, Se3.identity(), 1, 0.05);

    Optional<PlaceMatcher.Link> link = matcher.link(a, b);

    assertThat(link).isEmpty();
  }

  @Test
  void placesThatLookDifferentAreNotLinked() {
    double[][] world = world();
    Place a = place(0, world, descriptors(), Se3.identity(), 1, 0.05);
    Place b = place(40, world, descriptors(), Se3.identity(), 1, 0.05);

    assertThat(matcher.link(a, b)).isEmpty();
  }

  @Test
  void theIndexNamesThePlaceThatSharesDescriptorsFirst() {
    PlaceIndex index = new PlaceIndex();
    long[] third = null;
    for (int place = 0; place < 6; place++) {
      long[] descriptors = descriptors();
      third = place == 3 ? descriptors : third;
      index.add(place, new Features(new float[2 * N], new int[N], new float[N], descriptors));
    }
    for (int i = 0; i < third.length; i++) {
      third[i] ^= 1L << random.nextInt(64); // four bits of each descriptor differ
    }
    Features query = new Features(new float[2 * N], new int[N], new float[N], third);

    assertThat(index.query(query, 6, 2).get(0)).isEqualTo(3);
    assertThat(index.query(query, 3, 2)).as("only older places").doesNotContain(3, 4, 5);
  }
}
