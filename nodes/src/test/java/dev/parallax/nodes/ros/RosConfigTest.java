package dev.parallax.nodes.ros;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosConfigTest {
  @Test
  void staysOnLoopbackUnlessTold() {
    RosConfig config = RosConfig.of(Map.of(), "parallax", List.of());
    assertThat(config.master().toString()).isEqualTo("http://localhost:11311");
    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.isLoopback()).isTrue();
    assertThat(config.node()).isEqualTo("/parallax");
  }

  @Test
  void theHostnameGoesBeforeTheAddressAndArgumentsBeforeBoth() {
    Map<String, String> both = Map.of("ROS_IP", "10.0.0.2", "ROS_HOSTNAME", "robot.local");
    assertThat(RosConfig.of(both, "n", List.of()).host()).isEqualTo("robot.local");
    assertThat(RosConfig.of(Map.of("ROS_IP", "10.0.0.2"), "n", List.of()).host())
        .isEqualTo("10.0.0.2");
    assertThat(RosConfig.of(both, "n", List.of("__ip:=10.0.0.3")).host()).isEqualTo("10.0.0.3");
  }

  @Test
  void privateParametersAndLogArgumentsOfRoslaunchAreTaken() {
    RosConfig config =
        RosConfig.of(
            Map.of("ROS_NAMESPACE", "/front"),
            "n",
            List.of("__name:=cam", "__log:=/tmp/x.log", "_rate:=3", "~image:=/raw"));
    assertThat(config.node()).isEqualTo("/front/cam");
    assertThat(config.privateParameters()).containsExactly(Map.entry("rate", "3"));
    assertThat(config.resolve("~image")).isEqualTo("/raw");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9lives", "a-b", "a b", "ü", "//a", "a//b", "/~a", "a\n", "-"})
  void namesWithIllegalCharactersAreRefused(String name) {
    RosConfig config = RosConfig.of(Map.of(), "n", List.of());
    assertThatThrownBy(() -> config.resolve(name))
        .isInstanceOf(RosException.class)
        .hasMessageContaining("is no ROS name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:11311", "http://", "http://host", "https://h:1", "http://a b:1"})
  void aMasterUriThatIsNoneIsRefused(String uri) {
    assertThatThrownBy(() -> RosConfig.of(Map.of("ROS_MASTER_URI", uri), "n", List.of()))
        .isInstanceOf(RosException.class)
        .hasMessageContaining("ROS_MASTER_URI");
  }

  @Test
  void anArgumentThatIsNoneIsRefused() {
    assertThatThrownBy(() -> RosConfig.of(Map.of(), "n", List.of("image=/raw")))
        .isInstanceOf(RosException.class)
        .hasMessageContaining("image=/raw");
  }
}
