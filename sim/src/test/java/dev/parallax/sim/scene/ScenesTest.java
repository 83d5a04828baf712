package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every scene that can be asked for is worth looking at. */
class ScenesTest {
  private static final SimulationConfig SMALL =
      SimulationConfig.defaults(2, 60, 20).withSize(160, 120);

  @ParameterizedTest
  @EnumSource(Scenes.class)
  void everySceneShowsTextureAndDepth(Scenes scene) {
    try (SimulatedSequence sequence = SimulatedSequence.of(scene, SMALL)) {
      SimulatedFrame frame = sequence.frame(30);

      assertThat(contrast(frame.frame().picture())).isGreaterThan(20);
      assertThat(frame.depth().depthM()).doesNotContain(Float.NaN);
      for (float depthM : frame.depth().depthM()) {
        assertThat(depthM).isGreaterThan(0.2f);
      }
    }
  }

  @Test
  void theStreetHasSkyAndMovingCars() {
    try (SimulatedSequence street = SimulatedSequence.of(Scenes.STREET, SMALL)) {
      SimulatedFrame frame = street.frame(30);
      int sky = 0;
      int moving = 0;
      for (int i = 0; i < 160 * 120; i++) {
        boolean isSky = frame.depth().depthM()[i] == Float.POSITIVE_INFINITY;
        sky += isSky ? 1 : 0;
        assertThat(Float.isNaN(frame.sceneFlow().velocityMps()[3 * i])).isEqualTo(isSky);
        moving += frame.movingMask().labels()[i] == MovingMask.MOVING ? 1 : 0;
      }
      assertThat(sky).isGreaterThan(160 * 120 / 20);
      assertThat(moving).isGreaterThan(100);
    }
  }

  @Test
  void theTownIsDrivenRoundOnceAMinuteFarFromAnythingThatStands() {
    double roundS = TownScene.lane(StreetScene.LANE_M).lengthM() / TownScene.SPEED_MPS;
    Trajectory drive = TownScene.drive(1);

    assertThat(roundS).isBetween(55.0, 65.0);
    for (double t = 0; t < roundS; t += 5) {
      Se3 apart = drive.T_world_cam(t).inverse().times(drive.T_world_cam(t + 3 * roundS));
      assertThat(apart.distance()).as("but for the springs").isLessThan(0.1);
      try (SimulatedSequence town =
          SimulatedSequence.of(
              Scenes.TOWN, SimulationConfig.defaults(1, 14, 0.2).withSize(80, 60))) {
        float[] depthM = town.frame((int) (t / 5)).depth().depthM();
        for (float d : depthM) {
          assertThat(d).isGreaterThan(1.2f);
        }
      }
    }
  }

  @Test
  void theApproachComesStraightAtTheWallAndStandsOneMetreBeforeIt() {
    Trajectory approach = HallScene.approach();
    Se3 early = approach.T_world_cam(1);
    Se3 later = approach.T_world_cam(2);

    assertThat(later.tx() - early.tx()).isCloseTo(3, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(approach.T_world_cam(HallScene.durationS()).tx())
        .isCloseTo(-1, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(approach.T_world_cam(60).tx())
        .isCloseTo(-1, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void motionBlurSoftensWhatTheTurningCameraSees() {
    SimulationConfig sharp = SMALL.withNoise(false);
    try (SimulatedSequence a = SimulatedSequence.of(Scenes.ROOM_HANDHELD, sharp);
        SimulatedSequence b =
            SimulatedSequence.of(Scenes.ROOM_HANDHELD, sharp.withShutterOpenS(0.03))) {
      assertThat(roughness(b.frame(30).frame().picture()))
          .isLessThan(0.9 * roughness(a.frame(30).frame().picture()));
      assertThat(b.frame(30).depth().depthM()).isEqualTo(a.frame(30).depth().depthM());
    }
  }

  @Test
  void sensorDepthEndsAtTheSensorsRange() {
    try (SimulatedSequence street =
        SimulatedSequence.of(Scenes.STREET, SMALL.withSensorRangeM(10))) {
      float[] sensed = street.frame(0).frame().sensorDepth().depthM();
      float[] exact = street.frame(0).depth().depthM();
      for (int i = 0; i < exact.length; i++) {
        assertThat(Float.compare(sensed[i], exact[i] <= 10 ? exact[i] : Float.NaN)).isZero();
      }
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> Scenes.named("moon"))
        .hasMessageContaining("'moon'")
        .hasMessageContaining("room, room-handheld, street");
    assertThatThrownBy(() -> new StreetScene(1, 1000)).hasMessageContaining("fewer frames");
  }

  private static double contrast(Picture picture) {
    double sum = 0;
    double squares = 0;
    for (byte value : picture.data()) {
      sum += value & 255;
      squares += (value & 255) * (value & 255);
    }
    double n = picture.data().length;
    return Math.sqrt(squares / n - sum / n * sum / n);
  }

  private static double roughness(Picture picture) {
    double sum = 0;
    for (int i = 3; i < picture.data().length; i++) {
      sum += Math.abs((picture.data()[i] & 255) - (picture.data()[i - 3] & 255));
    }
    return sum;
  }
}
