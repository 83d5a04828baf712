package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FilledDepthPipeline;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.DepthFiller;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network guesses depth, if any; shared by the commands that run a pipeline. */
final class PriorArguments {
  @Option(
      names = "--depth-prior",
      paramLabel = "built-in|FILE",
      description =
          "begin depth with what this network makes of the first picture, and fill the holes of the"
              + " published depth, never of the map: the one that is shipped, one from train, or"
              + " your own by its YAML file (default: depth begins once the camera has moved, holes"
              + " stay); --scale metric-prior takes its metres")
  private @Nullable String model;

  /** Pipelines of the factory, with holes filled if that was asked for. */
  PipelineFactory filling(PipelineFactory measuring, NetworkPlace place) {
    String wanted = model;
    if (wanted == null) {
      return measuring;
    }
    return (config, notices) -> {
      DepthFiller filler = new DepthFiller(open(wanted, place));
      PerceptionPipeline pipeline = measuring.create(config, notices);
      return new FilledDepthPipeline(pipeline, filler, notices);
    };
  }

  private static DepthPrior open(String wanted, NetworkPlace place) {
    try {
      return Models.named(wanted, place);
    } catch (ModelException e) {
      throw new CommandFailure("--depth-prior: " + e.getMessage(), e);
    }
  }

  /**
   * Opens that network once more, which is one caller's alone, to guess at single pictures; null
   * where none was asked for.
   */
  @Nullable BackgroundPrior guessing(PipelineConfig config, NetworkPlace place) {
    boolean isMetric = config.scale().has(ScaleSource.METRIC_PRIOR);
    String wanted = model;
    if (wanted == null && !isMetric) {
      return null;
    }
    if (wanted == null) {
      throw new CommandFailure(
          "--scale metric-prior wants a network: add --depth-prior FILE.yaml of one that tells"
              + " metres (the built-in's are off by a factor of two and more)");
    }
    DepthPrior network = open(wanted, place);
    if (isMetric && network.metricRelativeStd().isEmpty()) {
      network.close();
      throw new CommandFailure(
          "--scale metric-prior: %s tells no metres: its output is relative; give a metric network"
              .formatted(network.name()));
    }
    return new BackgroundPrior(network, config.isPatient());
  }

  /** What was asked for; {@code none} where nothing was. */
  String label() {
    return model == null ? "none" : model;
  }

  /** Adds what was asked for. */
  void describe(ResolvedConfig config) {
    config.put("depth_prior", label());
  }
}
