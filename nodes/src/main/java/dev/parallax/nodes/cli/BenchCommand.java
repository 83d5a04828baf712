package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.SpeedTrial;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.ReadTrial;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: the node's own speed on this machine, stage by stage. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Times the pipeline stage by stage on frames in memory, beside plain OpenCV DIS flow on the",
      "same frames in the same run. Absolute times of a busy machine say little; the ratio does.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax bench                          the simulated room, 640x480",
      "  parallax bench --input drive.bag --frames 200",
      "  parallax bench --bag drive.bag          how fast its messages are read",
    })
public final class BenchCommand implements Callable<Integer> {
  private static final long SEED = 1;
  private static final double FPS = 30;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "60",
      description = "frames of a round (default: ${DEFAULT-VALUE})")
  private int frames;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "counted rounds, after one to warm up (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "picture size of the simulated room (default: 640x480)")
  private @Nullable String size;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "a recording, in place of the simulated room")
  private @Nullable Path input;

  @Option(
      names = "--bag",
      paramLabel = "FILE",
      description = "time reading this bag's messages instead, beside plainly reading the file")
  private @Nullable Path bag;

  @Mixin private RecordingArguments recording = new RecordingArguments();

  @Mixin private PipelineArguments pipeline = new PipelineArguments();

  @Mixin private PriorArguments prior = new PriorArguments();

  @Mixin private DeviceArguments device = new DeviceArguments();

  @Override
  public Integer call() throws IOException {
    requireUsage(frames >= 2, "--frames must be at least 2");
    requireUsage(rounds >= 1, "--rounds must be at least 1");
    requireUsage(input == null || size == null, "--size is for the simulated room, not --input");
    if (bag != null) {
      ReadTrial.Result read = new ReadTrial(Bags::open, rounds).run(bag);
      spec.commandLine().getOut().print(BenchTable.text(read));
      spec.commandLine().getOut().flush();
      return ExitStatus.OK;
    }
    if (input != null) {
      pipeline.findSources(input, recording.options(true));
    }
    PipelineConfig config = pipeline.config();
    List<CameraFrame> decoded = input == null ? simulated() : recorded(input, config);
    SpeedTrial trial = new SpeedTrial(prior.pipelines(device, null), config, rounds);
    SpeedTrial.Result result;
    long total = (long) decoded.size() * (rounds + 1);
    try (ProgressBar bar = ProgressBar.onStandardError("bench", "frames", OptionalLong.of(total))) {
      result = trial.run(decoded, bar::update);
    }
    int width = decoded.get(0).picture().width();
    int height = decoded.get(0).picture().height();
    spec.commandLine().getOut().print(BenchTable.text(result, width, height));
    spec.commandLine().getOut().flush();
    return ExitStatus.OK;
  }

  private List<CameraFrame> simulated() {
    SimulationConfig config = SimulationConfig.defaults(SEED, frames, FPS);
    if (size != null) {
      requireUsage(size.matches("[1-9]\\d{1,3}x[1-9]\\d{1,3}"), "--size is like 640x480");
      String[] sides = size.split("x", 2);
      config = config.withSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }
    List<CameraFrame> decoded = new ArrayList<>();
    try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, config);
        ProgressBar bar =
            ProgressBar.onStandardError("drawing", "frames", OptionalLong.of(frames))) {
      for (int i = 0; i < frames; i++) {
        decoded.add(sequence.frame(i).frame());
        bar.update(i + 1);
      }
    }
    return decoded;
  }

  private List<CameraFrame> recorded(Path path, PipelineConfig config) {
    boolean sensorDepth = config.scale().has(ScaleSource.SENSOR_DEPTH);
    List<CameraFrame> decoded = new ArrayList<>();
    try (FrameSource source =
        Recordings.open(
            path,
            recording.options(sensorDepth).withSpeed(pipeline.speed()).withImu(pipeline.imu()))) {
      for (SourceItem item = source.next();
          item != null && decoded.size() < frames;
          item = source.next()) {
        if (item instanceof SourceItem.Frame frame) {
          decoded.add(frame.frame());
        }
      }
    }
    if (decoded.size() < 2) {
      throw new SourceException(
          "%s: holds %d usable pictures but at least 2 are needed".formatted(path, decoded.size()));
    }
    return decoded;
  }

  private void requireUsage(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
