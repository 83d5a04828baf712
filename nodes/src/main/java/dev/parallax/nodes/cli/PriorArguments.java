package dev.parallax.nodes.cli;

import dev.parallax.nodes.model.ModelException;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.pipeline.FilledDepthPipeline;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.DepthFiller;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.MetricPrior;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network fills the holes of depth, if any; shared by the commands that run a pipeline. */
final class PriorArguments {
  private static final int THREADS = 1;

  @Option(
      names = "--depth-prior",
      paramLabel = "built-in|FILE",
      description =
          "fill the holes of the published depth by this network: the one that is shipped, one from"
              + " train, or your own by its YAML file; never the map (default: holes stay);"
              + " --scale metric-prior takes its metres")
  private @Nullable String model;

  /** Pipelines of the factory, with holes filled if that was asked for. */
  PipelineFactory filling(PipelineFactory measuring) {
    String wanted = model;
    if (wanted == null) {
      return measuring;
    }
    return (config, notices) -> {
      DepthFiller filler = new DepthFiller(open(wanted));
      PerceptionPipeline pipeline = measuring.create(config, notices);
      return new FilledDepthPipeline(pipeline, filler, notices);
    };
  }

  private static DepthPrior open(String wanted) {
    try {
      return Models.named(wanted, THREADS);
    } catch (ModelException e) {
      throw new CommandFailure("--depth-prior: " + e.getMessage(), e);
    }
  }

  /** Opens that network once more, which is one caller's alone, to tell metres. */
  MetricPrior metric(PipelineConfig config) {
    String wanted = model;
    if (wanted == null) {
      throw new CommandFailure(
          "--scale metric-prior wants a network: add --depth-prior FILE.yaml of one that tells"
              + " metres (the built-in's are off by a factor of two and more)");
    }
    DepthPrior network = open(wanted);
    try {
      return MetricPrior.of(network, config.isPatient());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--scale metric-prior: " + e.getMessage(), e);
    }
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
