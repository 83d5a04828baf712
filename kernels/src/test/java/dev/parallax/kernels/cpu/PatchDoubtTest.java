package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A painted wall 2 in front of a camera, and the same from 0.1 to the left: 5 px of parallax. */
class PatchDoubtTest {
  private static final int HEIGHT = 64;
  private static final int WIDTH = 80;
  private static final int REACH = 1;
  private static final float RHO = 0.5f;
  private static final double[] T_REF_CUR = {1, 0, 0, 0.1, 0, 1, 0, 0, 0, 0, 1, 0};

  private final DepthFixture scene = new DepthFixture(HEIGHT, WIDTH, 2, 2);

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whereThePicturesAgreeNothingSpeaksAgainstADepth() {
    assertThat(middle(doubt(scene.estimate(RHO, 1e-4f, 0), 1, 0))).isBetween(0.0, 0.02);
  }

  @Test
  void aDepthThatIsOffIsDoubtedByAGoodPartOfItsError() {
    // Less than all of it: the patches' means are taken off, and some difference may be noise.
    assertThat(middle(doubt(scene.estimate(1.2f * RHO, 1e-4f, 0), 1, 0))).isBetween(0.07, 0.17);
    assertThat(middle(doubt(scene.estimate(RHO / 1.2f, 1e-4f, 0), 1, 0))).isBetween(0.07, 0.2);
    assertThat(middle(doubt(scene.estimate(1.5f * RHO, 1e-4f, 0), 1, 0))).isBetween(0.15, 0.34);
  }

  @Test
  void anotherExposureIsNoReasonToDoubt() {
    assertThat(middle(doubt(scene.estimate(RHO, 1e-4f, 0), 1.3, -25))).isBetween(0.0, 0.03);
  }

  @Test
  void whatCannotBeComparedIsNotDoubted() {
    float[] unknown = doubt(scene.unknown(), 1, 0);
    assertThat(unknown).containsOnly(0);
    // 100 px of parallax: out of the picture.
    assertThat(doubt(scene.estimate(20 * RHO, 1e-4f, 0), 1, 0)).containsOnly(0);
    // The patches along the border are cut.
    assertThat(doubt(scene.estimate(1.2f * RHO, 1e-4f, 0), 1, 0)[0]).isZero();
  }

  @Test
  void seventyHundredthsOfTheDoubtArePublishedWithTheStd() {
    Estimate estimate = scene.estimate(RHO, 1e-4f, 0);
    DeviceBuffer doubt = scene.filled(scene.grid.shape(), 0.2f);
    DeviceBuffer depth = scene.scope.f32(scene.grid.shape());
    DeviceBuffer std = scene.scope.f32(scene.grid.shape());

    scene.kernels.depth().publish(estimate, new PublishRules(0.3, 1, 3), doubt, depth, std);

    // 0.02 of 2 by the filter, 0.14 of 2 by the patches.
    assertThat((double) scene.read(std)[7]).isCloseTo(2 * Math.hypot(0.02, 0.14), within(1e-5));
    DeviceBuffer more = scene.filled(scene.grid.shape(), 0.45f);
    scene.kernels.depth().publish(estimate, new PublishRules(0.3, 1, 3), more, depth, std);
    assertThat(scene.read(depth)).containsOnly(Float.NaN);
  }

  private float[] doubt(Estimate estimate, double gain, double offset) {
    DeviceBuffer doubt = scene.filled(scene.grid.shape(), Float.NaN);
    scene
        .kernels
        .depth()
        .patchDoubt(
            scene.grid,
            painted(0, 1, 0),
            painted(-100 * 0.1 * RHO, gain, offset),
            T_REF_CUR,
            REACH,
            estimate,
            doubt);
    return scene.read(doubt);
  }

  private DeviceBuffer painted(double shiftPx, double gain, double offset) {
    byte[] grey = new byte[HEIGHT * WIDTH];
    for (int i = 0; i < grey.length; i++) {
      double x = i % WIDTH + shiftPx;
      double y = i / WIDTH;
      double paint = 120 + 35 * Math.sin(x / 3.5) + 25 * Math.sin(y / 4 + x / 5);
      grey[i] = (byte) Math.round(gain * paint + offset);
    }
    DeviceBuffer buffer = scene.scope.u8(scene.grid.picture());
    scene.kernels.upload(grey, buffer);
    return buffer;
  }

  /** The median of those in the middle of the picture. */
  private double middle(float[] doubt) {
    int w = scene.grid.width();
    float[] some = new float[100];
    for (int i = 0; i < some.length; i++) {
      some[i] = doubt[(10 + i / 10) * w + 12 + i % 10];
    }
    Arrays.sort(some);
    return some[50];
  }
}
