package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.GroundPlane;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroundPlaneFitterTest {
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(240, 320), new Intrinsics(260, 260, 160, 100), 2);
  private static final double[] NO_TRAVEL = new double[3];

  private final float[] rho = new float[GRID.shape().pixels()];
  private final float[] variance = new float[GRID.shape().pixels()];
  private final Random random = new Random(7);

  /** Inverse depth along a ray with the slopes x/z and y/z. */
  private interface Surface {
    double inverseDepth(double x, double y);
  }

  private static Surface level(double height, double pitchRad, double rollRad) {
    double nx = Math.sin(rollRad);
    double ny = Math.cos(rollRad) * Math.cos(pitchRad);
    double nz = Math.cos(rollRad) * Math.sin(pitchRad);
    return (x, y) -> (nx * x + ny * y + nz) / height;
  }

  /** The nearest of the surfaces, with noise, on the whole grid. */
  private void see(double relativeStd, Surface... surfaces) {
    for (int v = 0; v < GRID.height(); v++) {
      for (int u = 0; u < GRID.width(); u++) {
        double x = (2 * u + GRID.centre() - GRID.camera().cx()) / GRID.camera().fx();
        double y = (2 * v + GRID.centre() - GRID.camera().cy()) / GRID.camera().fy();
        double nearest =
            Arrays.stream(surfaces).mapToDouble(s -> s.inverseDepth(x, y)).max().orElseThrow();
        double std = relativeStd * nearest;
        int i = v * GRID.width() + u;
        rho[i] = nearest > 0 ? (float) (nearest + std * random.nextGaussian()) : Float.NaN;
        variance[i] = (float) (std * std);
      }
    }
  }

  private Optional<GroundPlane> fit(double... travel_cam) {
    return new GroundPlaneFitter(GRID).fit(rho, variance, travel_cam);
  }

  private OptionalDouble guess(double... travel_cam) {
    return new GroundPlaneFitter(GRID).guessHeight(rho, variance, travel_cam);
  }

  @Test
  void heightOfATiltedFloorIsFoundUnderNoise() {
    double pitchRad = Math.toRadians(6);
    see(0.05, level(1.5, pitchRad, Math.toRadians(1)));

    GroundPlane ground = fit(0, -Math.sin(pitchRad), Math.cos(pitchRad)).orElseThrow();

    assertThat(ground.height()).isCloseTo(1.5, within(0.02));
    assertThat(Math.toDegrees(ground.tiltRad())).isCloseTo(6.1, within(0.6));
    assertThat(ground.relativeStd()).isBetween(0.01, 0.1);
  }

  @Test
  void wrongDepthsAndThingsThatStandOnTheFloorDoNotMoveIt() {
    see(0.03, level(1.5, 0, 0), (x, y) -> x > 0.1 && y < 0.25 ? 0.3 : 0);
    for (int k = 0; k < rho.length / 6; k++) {
      rho[random.nextInt(rho.length)] = 0.1f + 2 * random.nextFloat();
    }

    assertThat(fit(0, 0, 1).orElseThrow().height()).isCloseTo(1.5, within(0.03));
  }

  @Test
  void heightIsInTheUnitOfTheDepth() {
    see(0.03, level(0.1, 0, 0));

    assertThat(fit(0, 0, 0.2).orElseThrow().height()).isCloseTo(0.1, within(0.002));
  }

  @Test
  void theWayTravelledHoldsTheTiltWhereDepthIsSmoothlyWrong() {
    // A floor at height 1 whose near end seems too far and whose far end too near.
    see(0.03, (x, y) -> 0.85 * y + 0.06);

    double held = fit(0, 0, 1).orElseThrow().height();
    double free = fit(NO_TRAVEL).orElseThrow().height();

    assertThat(Math.abs(held - 1)).isLessThan(0.5 * Math.abs(free - 1));
  }

  @Test
  void aWallAloneIsNoGround() {
    see(0.03, (x, y) -> 0.5);

    assertThat(fit(NO_TRAVEL)).isEmpty();
    assertThat(fit(0, 0, 1)).isEmpty();
  }

  @Test
  void aRampSteeperThanACameraIsMountedIsNoGround() {
    see(0.03, level(1.5, Math.toRadians(30), 0));

    assertThat(fit(NO_TRAVEL)).isEmpty();
  }

  @Test
  void theFloorBeneathATableIsTakenAndNotItsTop() {
    Surface top = level(0.5, 0, 0);
    see(0.03, level(1.2, 0, 0), (x, y) -> x > 0 && y > 0.3 ? top.inverseDepth(x, y) : 0);

    assertThat(fit(0, 0, 1).orElseThrow().height()).isCloseTo(1.2, within(0.04));
  }

  @Test
  void aTableTopWithWhatLiesLowerInViewIsRefused() {
    // So little of the floor is seen that it cannot be fitted, and yet the top is not the lowest.
    Surface top = level(0.5, 0, 0);
    see(0.03, (x, y) -> 0.2, (x, y) -> Math.abs(x) < 0.3 && y > 0.15 ? top.inverseDepth(x, y) : 0);

    assertThat(fit(0, 0, 1)).isEmpty();
  }

  @Test
  void whereTooMuchSeemsBeneathTheFloorItIsGuessedAndNotTaken() {
    see(0.03, level(1.5, 0, 0));
    for (int i = 0; i < rho.length; i++) {
      rho[i] *= i % 9 < 2 ? 0.3f + 0.4f * random.nextFloat() : 1;
    }

    assertThat(fit(0, 0, 1)).isEmpty();
    assertThat(guess(0, 0, 1).orElseThrow()).isCloseTo(1.5, within(0.05));
  }

  @Test
  void aWallAloneIsNotEvenGuessedToBeGround() {
    see(0.03, (x, y) -> 0.5);

    assertThat(guess(0, 0, 1)).isEmpty();
  }

  @Test
  void nothingKnownIsNoGround() {
    Arrays.fill(rho, Float.NaN);

    assertThat(fit(NO_TRAVEL)).isEmpty();
    assertThat(guess(NO_TRAVEL)).isEmpty();
  }
}
