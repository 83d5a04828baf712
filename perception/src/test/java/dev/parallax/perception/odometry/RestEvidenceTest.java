package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

class RestEvidenceTest {
  private static final int POINTS = 1200;
  private static final double NOISE_PX = 0.4;

  private final PointScene scene = new PointScene(11, POINTS);
  private final RegionMotions regions = new RegionMotions(PointScene.CAMERA, POINTS);
  private final RestEvidence evidence = new RestEvidence(PointScene.CAMERA);

  /** Seen at rest by a noisy sensor. */
  private PointScene anchored() {
    scene.seenFrom(Se3.identity(), NOISE_PX);
    scene.points.anchorAll();
    return scene;
  }

  private RestEvidence.Verdict judge() {
    regions.measure(scene.points, new byte[POINTS], scene.window, Se3.identity());
    return evidence.judge(regions);
  }

  /** Somebody crosses: all points left of a column go along, by more the lower they are. */
  private void walkThrough(float untilPx, float stepPx) {
    for (int i = 0; i < POINTS; i++) {
      if (scene.points.uv[2 * i] < untilPx) {
        scene.points.uv[2 * i] += stepPx * (0.5f + scene.points.uv[2 * i + 1] / 480);
      }
    }
  }

  @Test
  void noiseAloneIsRestEveryTime() {
    anchored();
    for (int picture = 0; picture < 300; picture++) {
      scene.seenFrom(Se3.identity(), NOISE_PX);

      RestEvidence.Verdict verdict = judge();

      assertThat(verdict.moves(40, 0.04)).as("picture %d: %s", picture, verdict).isFalse();
    }
  }

  @Test
  void aMotionFarBelowTheNoiseOfOnePointIsSeenInAllOfThem() {
    anchored();
    // 0.2 pixels at 4 m, half the noise.
    scene.seenFrom(Se3.ofTranslation(-0.0016, 0, 0), NOISE_PX);

    RestEvidence.Verdict verdict = judge();

    assertThat(verdict.moves(40, 0.04)).as(verdict.toString()).isTrue();
    assertThat(verdict.flowPx()).isBetween(0.1, 0.3);
  }

  @Test
  void whoeverFillsHalfThePictureAndWalksDoesNotMoveTheCamera() {
    for (float step : new float[] {0.3f, 1, 4, 20}) {
      anchored();
      scene.seenFrom(Se3.identity(), NOISE_PX);
      walkThrough(320, step);

      RestEvidence.Verdict verdict = judge();

      assertThat(verdict.moves(100, 0.1)).as("%s px: %s", step, verdict).isFalse();
    }
  }

  @Test
  void aTurningCameraIsSeenAlthoughItsOwnBonnetFillsAFifthOfThePicture() {
    anchored();
    scene.seenFrom(Se3.exp(new double[] {0, 0, 0, 0, 0.004, 0}), NOISE_PX);
    for (int i = 0; i < POINTS; i++) {
      if (scene.points.anchor[2 * i + 1] > 384) {
        scene.points.uv[2 * i] = scene.points.anchor[2 * i];
        scene.points.uv[2 * i + 1] = scene.points.anchor[2 * i + 1];
      }
    }

    assertThat(judge().moves(100, 0.1)).isTrue();
  }

  @Test
  void aFastMotionLeavesNoRegionAtRest() {
    anchored();
    scene.seenFrom(PointScene.MOVED, NOISE_PX);

    assertThat(judge().restIsSeen()).isFalse();
  }

  @Test
  void tooFewRegionsAreNoEvidenceOfRest() {
    anchored();
    byte[] misses = new byte[POINTS];
    for (int i = 0; i < POINTS; i++) {
      misses[i] = (byte) (scene.points.uv[2 * i] < 80 && scene.points.uv[2 * i + 1] < 240 ? 0 : 1);
    }

    regions.measure(scene.points, misses, scene.window, Se3.identity());

    assertThat(evidence.judge(regions).restIsSeen()).isFalse();
  }
}
