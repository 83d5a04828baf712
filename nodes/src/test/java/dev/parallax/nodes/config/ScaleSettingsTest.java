package dev.parallax.nodes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.ScaleSource;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScaleSettingsTest {
  private static Set<ScaleSource> sources(
      @Nullable String named, @Nullable Double heightM, ScaleSource... there) {
    Set<ScaleSource> all = EnumSet.noneOf(ScaleSource.class);
    all.addAll(Set.of(there));
    return new ScaleSettings(named, heightM, null).config(all).sources();
  }

  @Test
  void nothingSaidIsRelativeAndAHeightAloneIsTheScale() {
    assertThat(sources(null, null)).containsExactly(ScaleSource.RELATIVE);
    assertThat(sources(null, 1.65)).containsExactly(ScaleSource.CAMERA_HEIGHT);
  }

  @Test
  void severalAreNamedWithCommas() {
    assertThat(sources("speed, camera-height,imu", 1.65))
        .containsExactlyInAnyOrder(ScaleSource.SPEED, ScaleSource.CAMERA_HEIGHT, ScaleSource.IMU);
    assertThat(sources("metric-prior", null)).containsExactly(ScaleSource.METRIC_PRIOR);
  }

  @Test
  void autoIsWhateverThereIs() {
    assertThat(sources("auto", null)).containsExactly(ScaleSource.RELATIVE);
    assertThat(sources("auto", 0.8, ScaleSource.IMU))
        .containsExactlyInAnyOrder(ScaleSource.IMU, ScaleSource.CAMERA_HEIGHT);
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> sources("speed", 1.65)).hasMessageContaining("add camera-height");
    assertThatThrownBy(() -> sources("camera-height", null))
        .hasMessageContaining("--camera-height");
    assertThatThrownBy(() -> sources("speed,relative", null)).hasMessageContaining("relative");
    assertThatThrownBy(() -> sources("speed,sonar", null)).hasMessageContaining("got sonar");
  }
}
