package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LensCheckTest {
  private static final double SAID = 262;
  private static final double TURN_RAD = 0.03;
  private static final int WINDOWS = 3;

  private static LensCheck check(double focal, double k1, double turnRad, int windows) {
    Random random = new Random(7);
    LensCheck check = new LensCheck(SeenViews.camera(SAID));
    for (int w = 0; w < windows; w++) {
      check.add(SeenViews.of(focal, k1, SAID, random, turnRad));
    }
    return check;
  }

  @Test
  void distortionThatTheCalibrationDoesNotSayIsToldWithSignAndSizeAndTheFocalLengthLeftAlone() {
    for (double k1 : new double[] {-0.3, -0.15, 0.3}) {
      LensError error = check(SAID, k1, TURN_RAD, WINDOWS).found().orElseThrow();

      assertThat(error.isFocalOff()).as("k1 %s", k1).isFalse();
      assertThat(error.k1()).as("k1 %s", k1).isCloseTo(k1, within(0.04));
      assertThat(error.sigmas()).isGreaterThan(5);
    }
  }

  @Test
  void aFocalLengthThatIsOffIsToldAndNotTakenForDistortion() {
    for (double factor : new double[] {0.8, 1.25}) {
      LensError error = check(SAID / factor, 0, TURN_RAD, WINDOWS).found().orElseThrow();

      assertThat(error.isBent()).as("x%s", factor).isFalse();
      assertThat(error.logFocal()).as("x%s", factor).isCloseTo(-Math.log(factor), within(0.04));
    }
  }

  @Test
  void bothOffAtOnceAreToldApart() {
    LensError error = check(1.3 * SAID, -0.3, TURN_RAD, WINDOWS).found().orElseThrow();

    assertThat(error.logFocal()).isCloseTo(Math.log(1.3), within(0.08));
    assertThat(error.k1()).isCloseTo(-0.3, within(0.08));
  }

  @Test
  void aRightCalibrationIsNotAccused() {
    LensCheck check = check(SAID, 0, TURN_RAD, WINDOWS);

    assertThat(check.windows()).isEqualTo(WINDOWS);
    assertThat(check.found()).isEmpty();
    assertThat(check.doubted()).isEmpty();
    assertThat(check.best().logFocalStd()).isLessThan(0.03);
    assertThat(check.best().k1Std()).isLessThan(0.03);
  }

  @Test
  void oneWindowMakesPosesDoubtedAndAccusesNobody() {
    LensCheck check = check(SAID, -0.3, TURN_RAD, 1);

    assertThat(check.found()).isEmpty();
    assertThat(check.doubted()).isPresent();
  }

  @Test
  void windowsThatContradictEachOtherTellNothing() {
    Random random = new Random(7);
    LensCheck check = new LensCheck(SeenViews.camera(SAID));
    check.add(SeenViews.of(SAID, -0.3, SAID, random, TURN_RAD));
    check.add(SeenViews.of(SAID, 0.3, SAID, random, TURN_RAD));

    assertThat(check.found()).isEmpty();
  }

  /** A longer lens and a wall farther off look the same. */
  @Test
  void aSlidePastAWallTellsNothingOfTheLensAndEndsInNone() {
    Random random = new Random(7);
    LensCheck check = new LensCheck(SeenViews.camera(SAID));
    for (int window = 0; window < WINDOWS; window++) {
      check.add(slidePastAWall(random));
    }

    assertThat(check.found()).isEmpty();
    assertThat(check.doubted()).isEmpty();
  }

  private static FocalViews slidePastAWall(Random random) {
    int views = 6;
    int points = 150;
    List<Se3> T_view_odom = new ArrayList<>();
    float[][] uv = new float[views][2 * points];
    double[] rho = new double[points];
    Arrays.fill(rho, 0.25);
    for (int view = 0; view < views; view++) {
      T_view_odom.add(Se3.ofTranslation(-0.05 * view, 0, 0));
    }
    for (int i = 0; i < points; i++) {
      double u = 60 + 240 * random.nextDouble();
      double v = 20 + 200 * random.nextDouble();
      for (int view = 0; view < views; view++) {
        uv[view][2 * i] = (float) (u - SAID * 0.05 * view * rho[i]);
        uv[view][2 * i + 1] = (float) v;
      }
    }
    return new FocalViews(SeenViews.camera(SAID), T_view_odom, new int[points], rho, uv);
  }
}
