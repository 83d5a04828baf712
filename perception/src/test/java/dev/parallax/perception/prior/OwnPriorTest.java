package dev.parallax.perception.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How pictures reach the network and how its answer is read, with a network made of a lambda. */
class OwnPriorTest {
  private static final PinholeCamera KITTI = new PinholeCamera(1226, 370, 707, 707, 602, 183);

  @Test
  void anyShapeOfPictureIsBroughtToMultiplesAndAboutAsManyPixels() throws PriorException {
    PriorDepth depth = estimate(constant(0, 0), KITTI, null);
    assertThat(depth.grid().width()).isEqualTo(208);
    assertThat(depth.grid().height()).isEqualTo(64);
    PriorDepth vga =
        estimate(constant(0, 0), new PinholeCamera(640, 480, 500, 500, 320, 240), null);
    assertThat(vga.grid().width()).isEqualTo(128);
    assertThat(vga.grid().height()).isEqualTo(96);
  }

  @Test
  void logInverseDepthAndLogScaleBecomeDepthAndStd() throws PriorException {
    PriorDepth depth = estimate(constant((float) -Math.log(4), (float) Math.log(0.1)), KITTI, null);
    assertThat(depth.depth()[17]).isCloseTo(4, within(1e-5f));
    // The standard deviation of a Laplace distribution is its scale times the root of two.
    assertThat(depth.std()[17]).isCloseTo((float) (4 * 0.1 * Math.sqrt(2)), within(1e-5f));
    assertThat(depth.meaning()).isEqualTo(PriorDepth.Meaning.METRIC);
  }

  @Test
  void theNetworkIsToldRaysAndKnownDepth() throws PriorException {
    float[] known = new float[KITTI.width() * KITTI.height()];
    Arrays.fill(known, 0.5f);
    UnaryOperator<Tensor> checking =
        input -> {
          int pixels = (int) (input.shape()[2] * input.shape()[3]);
          float[] values = input.values();
          assertThat(values[pixels]).isCloseTo((float) ((0.97 - 602) / 707), within(2e-3f));
          assertThat(values[4 * pixels + 5]).isEqualTo(1);
          return answer(input, 0, 0);
        };
    assertThat(estimate(checking, KITTI, known).depth()).isNotEmpty();
  }

  @Test
  void anAnswerThatIsNoDepthIsRefused() {
    assertThatThrownBy(() -> estimate(constant(Float.NaN, 0), KITTI, null))
        .isInstanceOf(PriorException.class)
        .hasMessageContaining("no depth");
    UnaryOperator<Tensor> tooFew = input -> new Tensor(new float[4], new long[] {1, 1, 2, 2});
    assertThatThrownBy(() -> estimate(tooFew, KITTI, null))
        .isInstanceOf(PriorException.class)
        .hasMessageContaining("not one of Parallax's own networks");
  }

  private static UnaryOperator<Tensor> constant(float depth, float scale) {
    return input -> answer(input, depth, scale);
  }

  private static Tensor answer(Tensor input, float depth, float scale) {
    int pixels = (int) (input.shape()[2] * input.shape()[3] / 4);
    float[] values = new float[2 * pixels];
    Arrays.fill(values, 0, pixels, depth);
    Arrays.fill(values, pixels, 2 * pixels, scale);
    return new Tensor(values, new long[] {1, 2, input.shape()[2] / 2, input.shape()[3] / 2});
  }

  private static PriorDepth estimate(
      UnaryOperator<Tensor> network, PinholeCamera camera, float[] known) throws PriorException {
    Picture picture =
        new Picture(
            camera.width(),
            camera.height(),
            Picture.Format.MONO8,
            new byte[camera.width() * camera.height()]);
    NetworkRunner runner =
        new NetworkRunner() {
          @Override
          public String engine() {
            return "lambda";
          }

          @Override
          public Tensor run(Tensor input) {
            return network.apply(input);
          }

          @Override
          public void close() {
            // Nothing is held.
          }
        };
    try (DepthPrior prior = new OwnPrior("test", runner)) {
      return prior.estimate(picture, camera, known);
    }
  }
}
