package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.UserFlow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the kernels run; shared by the commands that run a pipeline. */
final class DeviceArguments {
  private static final int NETWORK_THREADS = 1;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
  private CommandSpec command;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda:0",
      defaultValue = "auto",
      description =
          "where the kernels and networks run; auto: the first NVIDIA GPU that can be used, or else the"
              + " CPU"
              + " (default: ${DEFAULT-VALUE})")
  private String device = "auto";

  /**
   * @throws ParameterException if the device is none there can be
   */
  PipelineFactory factory() {
    return factory(null, null);
  }

  /**
   * @param flow opens the network that answers dense flow; null for dense inverse search
   * @param depth opens the network that a pipeline's depth begins with and that tells metres, or
   *     answers null; null where there is none
   * @throws ParameterException if the device is none there can be
   */
  PipelineFactory factory(
      @Nullable Supplier<UserFlow> flow,
      @Nullable Function<PipelineConfig, @Nullable BackgroundPrior> depth) {
    return new DevicePipelineFactory(wish(), flow, depth);
  }

  /**
   * Where networks run: on the GPU that the kernels are wished for on, if their engine can use it.
   *
   * @throws ParameterException if the device is none there can be
   */
  NetworkPlace networks() {
    DeviceWish wish = wish();
    return wish.kind() == DeviceWish.Kind.CPU
        ? NetworkPlace.cpu(NETWORK_THREADS)
        : NetworkPlace.gpu(NETWORK_THREADS, wish.ordinal());
  }

  private DeviceWish wish() {
    try {
      return DeviceWish.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Adds what was asked for. */
  void describe(ResolvedConfig config) {
    config.put("device", device);
  }
}
