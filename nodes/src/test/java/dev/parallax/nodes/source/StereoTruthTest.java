package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import dev.parallax.sim.scene.Trajectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StereoTruthTest {
  private static final double BASELINE_M = 0.54;

  @TempDir private Path folder;

  @Test
  void aSimulatedPairGivesItsDepthWithinFivePerCentUpToFortyMetres() {
    float[] exact = simulatedPair(7);

    GroundTruth truth = GroundTruths.open(folder);
    DepthMap depth = truth.depth(truth.frameStamps().get(0));

    assertThat(truth.camera()).isEqualTo(camera());
    assertThat(truth.depthOrigin()).contains("0.540 m apart").contains("image_1").contains("up to");
    double[] errors = new double[exact.length];
    int judged = 0;
    int near = 0;
    for (int i = 0; i < exact.length; i++) {
      float metres = depth.depthM()[i];
      near += exact[i] < 30 ? 1 : 0;
      if (!Float.isNaN(metres)) {
        assertThat(metres).isLessThanOrEqualTo(40);
        errors[judged++] = Math.abs(metres - exact[i]) / exact[i];
      }
    }
    Arrays.sort(errors, 0, judged);
    assertThat(judged).as("pixels told").isGreaterThan(near / 2);
    assertThat(errors[judged / 2]).as("median error").isLessThan(0.01);
    assertThat(errors[judged * 9 / 10]).as("error of the worst tenth").isLessThan(0.05);
  }

  @Test
  void picturesOfThePairThatDifferInSizeAreNamed() {
    simulatedPair(7);
    new FolderFixture(folder).picture("image_1/000000.png", 99);
    GroundTruth truth = GroundTruths.open(folder);

    assertThatThrownBy(() -> truth.depth(truth.frameStamps().get(0)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("image_1")
        .hasMessageContaining("is 8x6 but the camera 640x240");
  }

  @Test
  void withoutTheOtherCamerasRowThereIsNoTrueDepth() {
    simulatedPair(7);
    new FolderFixture(folder).text("calib.txt", "P0: 525 0 319.5 0 0 525 119.5 0 0 0 1 0\n");

    assertThat(GroundTruths.open(folder).camera()).isNull();
  }

  @Test
  void theKittiClipsDepthIsMetricAndMovesWithItsPoses() {
    GroundTruth truth = GroundTruths.open(RealData.path("kitti06-stereo-51f"));
    int from = 10;
    int to = 18; // ten metres on: a baseline off by a tenth shows as four per cent and more
    Se3 T_to_from = pose(truth, to).inverse().times(pose(truth, from));

    double ratio = medianRatio(truth.camera(), depthM(truth, from), depthM(truth, to), T_to_from);

    assertThat(truth.depthOrigin()).contains("0.537 m apart").contains("up to 40 m");
    assertThat(T_to_from.distance()).isBetween(8.0, 11.0);
    assertThat(ratio).isCloseTo(1, within(0.04));
  }

  /** Of depth here over the depth that a point seen from there must have here. */
  private static double medianRatio(
      PinholeCamera camera, float[] thereM, float[] hereM, Se3 T_here_there) {
    double[] ratios = new double[thereM.length];
    int n = 0;
    for (int i = 0; i < thereM.length; i++) {
      double z = thereM[i];
      double x = (i % camera.width() - camera.cx()) / camera.fx() * z;
      double y = (i / camera.width() - camera.cy()) / camera.fy() * z;
      double[] point = T_here_there.transform(x, y, z);
      long u = Math.round(camera.fx() * point[0] / point[2] + camera.cx());
      long v = Math.round(camera.fy() * point[1] / point[2] + camera.cy());
      if (point[2] > 0 && u >= 0 && v >= 0 && u < camera.width() && v < camera.height()) {
        double ratio = hereM[(int) (v * camera.width() + u)] / point[2];
        if (!Double.isNaN(ratio)) {
          ratios[n++] = ratio;
        }
      }
    }
    Arrays.sort(ratios, 0, n);
    return ratios[n / 2];
  }

  private static Se3 pose(GroundTruth truth, int frame) {
    return truth.poses().get(frame).T_world_cam();
  }

  private static float[] depthM(GroundTruth truth, int frame) {
    return truth.depth(truth.frameStamps().get(frame)).depthM();
  }

  private static PinholeCamera camera() {
    return new PinholeCamera(640, 240, 525, 525, 319.5, 119.5);
  }

  /** Writes one pair as KITTI lays it out and answers the left picture's exact depth, metres. */
  private float[] simulatedPair(long seed) {
    Scenes.Staged street = Scenes.STREET.stage(seed, 1);
    Se3 T_world_left = street.trajectory().T_world_cam(0);
    SimulatedFrame left = frame(street, T_world_left, seed);
    SimulatedFrame right =
        frame(street, T_world_left.times(Se3.ofTranslation(BASELINE_M, 0, 0)), seed + 1);
    new FolderFixture(folder)
        .bytes("image_0/000000.png", png(left))
        .bytes("image_1/000000.png", png(right))
        .text(
            "calib.txt",
            String.format(
                Locale.ROOT,
                "P0: 525 0 319.5 0 0 525 119.5 0 0 0 1 0%n"
                    + "P1: 525 0 319.5 %s 0 525 119.5 0 0 0 1 0%n",
                -525 * BASELINE_M))
        .text("times.txt", "0.5\n");
    return left.depth().depthM();
  }

  private static SimulatedFrame frame(Scenes.Staged street, Se3 T_world_cam, long noiseSeed) {
    SimulationConfig config = SimulationConfig.defaults(noiseSeed, 1, 10).withCamera(camera());
    try (SimulatedSequence sequence =
        new SimulatedSequence("pair", street.scene(), Trajectory.still(T_world_cam), config)) {
      return sequence.frame(0);
    }
  }

  private static byte[] png(SimulatedFrame frame) {
    Picture picture = frame.frame().picture();
    return new ImageCodec().encodePng(picture);
  }
}
