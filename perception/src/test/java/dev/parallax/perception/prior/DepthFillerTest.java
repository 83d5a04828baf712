package dev.parallax.perception.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A slope, half of it measured in a unit of its own, and a network that knows it in another. */
class DepthFillerTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 60, 60, 31.5, 23.5);
  private static final PinholeCamera GRID = CAMERA.reducedBy(2);
  private static final int PIXELS = GRID.width() * GRID.height();
  private static final Picture PICTURE =
      new Picture(64, 48, Picture.Format.MONO8, new byte[64 * 48]);

  /** The last pixel of the half that is not measured. */
  private static final int HOLE = PIXELS - 1;

  private static final Optional<Se3> RESTING = Optional.of(Se3.identity());

  @Test
  void holesAreFilledInTheUnitThatWasMeasured() throws PriorException {
    DepthMap filled = fill(new Fake(PriorDepth.Meaning.UP_TO_SCALE, 7, 0, 0.1f), halfMeasured());
    for (int i = 0; i < PIXELS; i++) {
      assertThat(filled.depthM()[i]).isCloseTo(slope(i), within(1e-4f));
    }
    assertThat(filled.stdM()[HOLE]).isCloseTo(0.1f * slope(HOLE), within(1e-4f));
  }

  @Test
  void whatWasMeasuredStaysToTheBit() throws PriorException {
    DepthMap measured = halfMeasured();
    measured.depthM()[3] = 1.9f * slope(3);
    DepthMap filled = fill(new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f), measured);
    for (int i = 0; i < PIXELS / 2; i++) {
      assertThat(filled.depthM()[i]).isEqualTo(measured.depthM()[i]);
      assertThat(filled.stdM()[i]).isEqualTo(measured.stdM()[i]);
    }
  }

  @Test
  void aShiftThatIsUnknownTooIsFound() throws PriorException {
    Fake affine = new Fake(PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT, 3, 0.05, Float.NaN);
    DepthMap filled = fill(affine, halfMeasured());
    assertThat(filled.depthM()[HOLE]).isCloseTo(slope(HOLE), within(2e-3f));
    // The network tells no std: what the fit leaves over, here nothing, stands for it.
    assertThat(filled.stdM()[HOLE]).isBetween(0f, 1e-3f);
  }

  @Test
  void whereHardlyAnythingWasMeasuredNothingIsMadeUp() throws PriorException {
    DepthMap measured = halfMeasured();
    Arrays.fill(measured.depthM(), PIXELS / 20, PIXELS, Float.NaN);
    DepthMap filled = fill(new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f), measured);
    assertThat(filled.depthM()[HOLE]).isNaN();
  }

  @Test
  void aNetworkThatIsNotSureFillsNothing() throws PriorException {
    DepthMap filled = fill(new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.8f), halfMeasured());
    assertThat(filled.depthM()[HOLE]).isNaN();
  }

  @Test
  void betweenTwoLooksWhatWasSeenGoesAlongWithTheCamera() throws PriorException {
    Fake network = new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f);
    try (DepthFiller filler = filler(network)) {
      DepthMap unused = filler.fill(seen(0, nothingMeasured(), Optional.empty()));
      DepthMap asked = filler.fill(seen(33, halfMeasured(), RESTING));
      DepthMap answered = filler.fill(seen(66, halfMeasured(), RESTING));
      assertThat(asked.depthM()[HOLE]).as("the network looks still").isNaN();
      assertThat(answered.depthM()[HOLE]).isCloseTo(slope(HOLE), within(1e-3f));

      Optional<Se3> nearer = Optional.of(Se3.ofTranslation(0, 0, -5));
      DepthMap carried = filler.fill(seen(100, halfMeasuredNearer(5), nearer));
      assertThat(network.looks).isEqualTo(1);
      assertThat(carried.depthM()[HOLE]).isBetween(slope(HOLE) - 6.5f, slope(HOLE) - 4);

      unused = filler.fill(seen(133, halfMeasuredNearer(5), RESTING));
      unused = filler.fill(seen(166, halfMeasuredNearer(5), RESTING)); // waits for the second look
      assertThat(network.looks).isEqualTo(2);
    }
  }

  @Test
  void whatTurnsOutWrongWhereItIsMeasuredLaterIsToldLessSurelyElsewhere() throws PriorException {
    Fake network = new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.05f);
    try (DepthFiller filler = filler(network)) {
      DepthMap first = filler.fill(seen(0, halfMeasured(), Optional.empty()));
      assertThat(first.stdM()[HOLE] / first.depthM()[HOLE]).isCloseTo(0.05f, within(1e-4f));

      DepthMap later = halfMeasured();
      for (int i = PIXELS / 2; i < PIXELS - GRID.width(); i++) {
        later.depthM()[i] = 1.5f * slope(i);
      }
      DepthMap filled = filler.fill(seen(33, later, RESTING));
      assertThat(filled.stdM()[HOLE] / filled.depthM()[HOLE])
          .as("off by half where it can be checked")
          .isGreaterThan(0.2f);
    }
  }

  @Test
  void aLiveCameraDoesNotWaitForANetworkThatIsSlow() throws PriorException {
    CountDownLatch looked = new CountDownLatch(1);
    Fake slow =
        new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f) {
          @Override
          public PriorDepth estimate(Picture rectified, PinholeCamera camera, float[] known) {
            await(looked);
            return super.estimate(rectified, camera, known);
          }
        };
    try (DepthFiller filler = new DepthFiller(new BackgroundPrior(slow, false, System::nanoTime))) {
      DepthMap filled = filler.fill(seen(0, halfMeasured(), Optional.empty()));
      assertThat(filled.depthM()[HOLE]).isNaN();
      looked.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whereTheMotionIsNotKnownNothingIsCarried() throws PriorException {
    try (DepthFiller filler = filler(new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f))) {
      DepthMap seen = filler.fill(seen(0, halfMeasured(), Optional.empty()));
      assertThat(seen.depthM()[HOLE]).isPositive();
      DepthMap next = filler.fill(seen(33, halfMeasured(), Optional.empty()));
      assertThat(next.depthM()[HOLE]).isNaN();
    }
  }

  private static DepthMap nothingMeasured() {
    DepthMap measured = halfMeasured();
    Arrays.fill(measured.depthM(), Float.NaN);
    return measured;
  }

  private static DepthMap halfMeasuredNearer(float by) {
    DepthMap measured = halfMeasured();
    for (int i = 0; i < PIXELS / 2; i++) {
      measured.depthM()[i] -= by;
    }
    return measured;
  }

  @Test
  void theNetworkIsToldWhatWasMeasuredInItsOwnUnit() throws PriorException {
    Fake network = new Fake(PriorDepth.Meaning.METRIC, 1, 0, 0.1f);
    DepthMap unused = fill(network, halfMeasured());
    float[] known = network.told;
    assertThat(known[10 * CAMERA.width() + 20]).isPositive();
    assertThat(known[CAMERA.width() * CAMERA.height() - 1]).isZero();
    double nearer = known[0] / known[20 * CAMERA.width()];
    assertThat(nearer).isCloseTo(slope(10 * GRID.width()) / slope(0), within(1e-4));
  }

  @Test
  void aFlatAnswerCannotBeBroughtToAShift() {
    DepthPrior flat = new Fake(PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT, 0, 1, Float.NaN);
    assertThatThrownBy(() -> fill(flat, halfMeasured()))
        .isInstanceOf(PriorException.class)
        .hasMessageContaining("no near from far");
  }

  /** The upper half measured; the lower one is up to 1.5 times as far. */
  private static DepthMap halfMeasured() {
    float[] depth = new float[PIXELS];
    float[] std = new float[PIXELS];
    Arrays.fill(depth, Float.NaN);
    Arrays.fill(std, Float.NaN);
    for (int i = 0; i < PIXELS / 2; i++) {
      depth[i] = slope(i);
      std[i] = 0.01f * depth[i];
    }
    return new DepthMap(GRID.width(), GRID.height(), depth, std);
  }

  private static float slope(int pixel) {
    return 20 + (float) (pixel / GRID.width()) / 3;
  }

  private static DepthMap fill(DepthPrior prior, DepthMap measured) throws PriorException {
    try (DepthFiller filler = filler(prior)) {
      return filler.fill(seen(0, measured, Optional.empty()));
    }
  }

  private static DepthFiller filler(DepthPrior prior) {
    return new DepthFiller(new BackgroundPrior(prior, true, System::nanoTime));
  }

  private static DepthFiller.Seen seen(int millis, DepthMap measured, Optional<Se3> T_cur_prev) {
    return new DepthFiller.Seen(
        new Timestamp(millis * 1_000_000L), PICTURE, CAMERA, GRID, measured, T_cur_prev);
  }

  /** Answers with inverse depth {@code scale / slope + shift}. */
  private static class Fake implements DepthPrior {
    private final PriorDepth.Meaning meaning;
    private final double scale;
    private final double shift;
    private final float relativeStd;
    float[] told = new float[0];
    int looks;

    Fake(PriorDepth.Meaning meaning, double scale, double shift, float relativeStd) {
      this.meaning = meaning;
      this.scale = scale;
      this.shift = shift;
      this.relativeStd = relativeStd;
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String engine() {
      return "nothing";
    }

    @Override
    public PriorDepth estimate(Picture rectified, PinholeCamera camera, float[] known) {
      told = known;
      looks++;
      float[] depth = new float[PIXELS];
      float[] std = new float[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        depth[i] = (float) (1 / (scale / slope(i) + shift));
        std[i] = depth[i] * relativeStd;
      }
      return new PriorDepth(GRID, depth, std, meaning);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
