package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parallax.kernels.cuda.CudaDevice;
import dev.parallax.kernels.cuda.CudaUnavailableException;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceWishTest {
  @ParameterizedTest
  @CsvSource({"auto, auto", "cpu, cpu", "cuda, cuda:0", "cuda:0, cuda:0", "cuda:12, cuda:12"})
  void aDeviceIsReadFromItsName(String text, String meant) {
    assertThat(DeviceWish.parse(text)).hasToString(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:0x", "CPU"})
  void anythingElseIsRefusedWithWhatThereIs(String text) {
    assertThatThrownBy(() -> DeviceWish.parse(text))
        .hasMessage("--device is auto, cpu or cuda:0, got " + text);
  }

  private static void requireNoGpu() {
    try (CudaDevice gpu = CudaDevice.open(0)) {
      assumeTrue(false, "NOT RUN: this machine has " + gpu + "; hide its driver");
    } catch (CudaUnavailableException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Test
  void withoutAGpuTheCpuIsTakenAndTheReasonTold() {
    requireNoGpu();
    List<Notice> told = new ArrayList<>();
    PipelineConfig config = PipelineConfig.defaults();
    try (PerceptionPipeline unused =
        new DevicePipelineFactory(DeviceWish.auto()).create(config, told::add)) {
      assertThat(told.get(0).message())
          .startsWith("device: CPU (OpenCV ")
          .containsAnyOf("no NVIDIA driver", "sees no GPU");
    }
  }

  @Test
  void aGpuAskedForByNameIsNotReplacedByTheCpu() {
    requireNoGpu();
    DevicePipelineFactory factory = new DevicePipelineFactory(DeviceWish.parse("cuda:0"));

    assertThatThrownBy(() -> factory.create(PipelineConfig.defaults(), notice -> {}))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("--device cuda:0 cannot be used: ")
        .hasMessageEndingWith("; --device auto takes the CPU instead");
  }
}
