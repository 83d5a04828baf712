package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FilledDepthPipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.DepthFiller;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.UserFlow;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network guesses depth, if any; shared by the commands that run a pipeline. */
final class PriorArguments {
  private static final String NONE = "none";

  @Option(
      names = "--depth-prior",
      paramLabel = "built-in|none|FILE",
      description =
          "the network that guesses depth before the camera has moved and fills the holes of the"
              + " published depth, never of the map: the one that is shipped (default), none, one"
              + " from train, or your own by its YAML file; what it is sure of in the first picture"
              + " odometry begins with, and what it takes for nearer helps to find the first step;"
              + " --scale metric-prior takes its metres")
  private @Nullable String model;

  /**
   * Pipelines on a device, with what the network adds.
   *
   * @param flow opens the network that answers dense flow; null for dense inverse search
   */
  PipelineFactory pipelines(DeviceArguments device, @Nullable Supplier<UserFlow> flow) {
    NetworkPlace place = device.networks();
    return filling(device.factory(flow, config -> guessing(config, place)), place);
  }

  /** Pipelines of the factory, with holes filled unless nobody wants that. */
  PipelineFactory filling(PipelineFactory measuring, NetworkPlace place) {
    return NONE.equals(model)
        ? measuring
        : (config, notices) -> {
          Optional<DepthPrior> network = open(place, config, notices);
          PerceptionPipeline pipeline = measuring.create(config, notices);
          return network.isEmpty()
              ? pipeline
              : new FilledDepthPipeline(
                  pipeline,
                  new DepthFiller(
                      new BackgroundPrior(network.get(), config.isPatient(), System::nanoTime)),
                  System::nanoTime,
                  notices);
        };
  }

  /**
   * Empty, and said why, where nobody asked for a network by name or for its metres, and the one
   * that is shipped does not run here.
   */
  private Optional<DepthPrior> open(
      NetworkPlace place, PipelineConfig config, Consumer<Notice> notices) {
    try {
      return Optional.of(Models.named(label(), place));
    } catch (ModelException e) {
      if (model != null || isMetric(config)) {
        throw new CommandFailure("--depth-prior: " + e.getMessage(), e);
      }
      notices.accept(
          Notice.warning(e.getMessage() + ": holes of the depth stay; --depth-prior none agrees"));
      return Optional.empty();
    }
  }

  /**
   * Opens that network once more, which is one caller's alone, to guess at single pictures; null
   * where there is none.
   */
  @Nullable BackgroundPrior guessing(PipelineConfig config, NetworkPlace place) {
    Optional<DepthPrior> network =
        NONE.equals(model) ? Optional.empty() : open(place, config, unheard -> {});
    if (isMetric(config) && network.isEmpty()) {
      throw new CommandFailure(
          "--scale metric-prior wants a network: leave out --depth-prior none, or name one that"
              + " tells metres (the built-in's are good indoors and off by a factor of two and more"
              + " elsewhere)");
    }
    if (isMetric(config) && network.orElseThrow().metricRelativeStd().isEmpty()) {
      network.get().close();
      throw new CommandFailure(
          "--scale metric-prior: %s tells no metres: its output is relative; give a metric network"
              .formatted(network.get().name()));
    }
    return network
        .map(prior -> new BackgroundPrior(prior, config.isPatient(), System::nanoTime))
        .orElse(null);
  }

  private static boolean isMetric(PipelineConfig config) {
    return config.scale().has(ScaleSource.METRIC_PRIOR);
  }

  /** Which one; {@code none} where nobody wants any. */
  String label() {
    return model == null ? Models.BUILT_IN : model;
  }

  /** Adds which one. */
  void describe(ResolvedConfig config) {
    config.put("depth_prior", label());
  }
}
