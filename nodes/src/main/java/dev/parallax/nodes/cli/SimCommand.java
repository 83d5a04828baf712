package dev.parallax.nodes.cli;

import dev.parallax.nodes.source.BagFormat;
import dev.parallax.nodes.source.SequenceBagWriter;
import dev.parallax.nodes.source.SequenceFolderWriter;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import dev.parallax.sim.scene.SpeedSensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parallax sim}: records a simulated camera, with exact truth beside the pictures. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Make a sequence with exact depth, flow, scene flow, moving mask and poses, as a folder in"
            + " TUM RGB-D layout, as a bag or as MCAP.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax sim --scene room --out room && parallax replay room --out out",
      "  parallax sim --scene street --frames 200 --out street.bag",
      "Bag and MCAP hold pictures, CameraInfo, depth and poses; flow and mask are in folders only.",
    })
public final class SimCommand implements Callable<Integer> {
  /** Farther than TUM's usual 5000 units to a metre can say, which end at 13 m. */
  private static final double OUTDOOR_DEPTH_UNITS_PER_M = 1000;

  @Option(
      names = "--scene",
      required = true,
      paramLabel = "NAME",
      completionCandidates = SceneNames.class,
      description = "Which world: ${COMPLETION-CANDIDATES}.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String scene;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "A new or empty folder, or a file that ends in .bag or .mcap.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path out;

  @Option(names = "--frames", paramLabel = "N", description = "How many pictures.")
  private int frames = 300;

  @Option(names = "--fps", paramLabel = "F", description = "Pictures a second.")
  private double fps = 20;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides textures, wobble and noise; the same seed makes the same bytes.")
  private long seed = 1;

  @Option(names = "--width", paramLabel = "PX", description = "Width of the pictures.")
  private int width = 640;

  @Option(names = "--height", paramLabel = "PX", description = "Height of the pictures.")
  private int height = 480;

  @Option(
      names = "--jpeg",
      paramLabel = "QUALITY",
      description = "Store pictures as JPEG of this quality, 1 to 100; 0 stores them without loss.")
  private int jpegQuality = 0;

  @Option(
      names = "--shutter",
      paramLabel = "SECONDS",
      description = "How long the shutter is open; more than 0 adds motion blur.")
  private double shutterOpenS = 0;

  @Option(
      names = "--path-only",
      description = "Folder: pictures and true poses only, for long sequences.")
  private boolean pathOnly;

  @Option(
      names = "--speed-std",
      paramLabel = "M/S",
      description = {
        "Also store the camera's speed 20 times a second with noise of this std, 0 for none: the",
        "folder's speed.txt, or /odom (nav_msgs/Odometry, twist alone) in a bag."
      },
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private @Nullable Double speedStdMps;

  @Option(
      names = "--imu",
      description = {
        "Also store what an IMU behind the camera reads, 200 times a second, with noise and biases",
        "as of EuRoC's: the folder's imu.txt (stamp wx wy wz ax ay az, and where it sits), or",
        "/imu/data (sensor_msgs/Imu) and /tf_static in a bag."
      })
  private boolean withImu;

  @Option(
      names = "--no-noise",
      description = "Leave out sensor noise and the wandering of the exposure.")
  private boolean withoutNoise;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  /** The scenes' names, for the help and for shells. */
  static final class SceneNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Scenes.labels().iterator();
    }
  }

  @Override
  public Integer call() {
    try (SimulatedSequence sequence = sequence()) {
      boolean bag = BagFormat.of(out).isPresent();
      SimSensors sensors =
          new SimSensors(speeds(sequence), withImu ? InertialSensor.typical(sequence) : null);
      refuseToOverwrite(bag);
      if (bag) {
        writeBag(sequence, sensors);
      } else {
        writeFolder(sequence);
        sensors.writeFiles(out);
      }
      PrintWriter console = spec.commandLine().getOut();
      console.printf(
          Locale.ROOT,
          "%s: %d frames of %s, %dx%d at %s fps, seed %d%n",
          out,
          sequence.frameCount(),
          sequence.name(),
          width,
          height,
          fps,
          seed);
      console.flush();
      return ExitStatus.OK;
    } catch (IOException e) {
      throw new CommandFailure(
          "%s: the sequence could not be written (%s); what came before is kept, give another"
                  .formatted(out, e.getMessage())
              + " place with --out",
          e);
    }
  }

  private SimulatedSequence sequence() {
    try {
      SimulationConfig config =
          SimulationConfig.defaults(seed, frames, fps)
              .withSize(width, height)
              .withNoise(!withoutNoise)
              .withShutterOpenS(shutterOpenS)
              .withThreads(Runtime.getRuntime().availableProcessors());
      if (jpegQuality < 0 || jpegQuality > 100) {
        throw new IllegalArgumentException(
            "--jpeg is 1 to 100, or 0 for no loss, got " + jpegQuality);
      }
      return SimulatedSequence.of(Scenes.named(scene), config);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void refuseToOverwrite(boolean bag) throws IOException {
    if (bag ? Files.exists(out) : Files.isRegularFile(out)) {
      throw new CommandFailure(
          "%s: there is already a file; remove it or give another name with --out".formatted(out));
    }
    if (!bag && Files.isDirectory(out)) {
      try (Stream<Path> entries = Files.list(out)) {
        if (entries.findAny().isPresent()) {
          throw new CommandFailure(
              "%s: the folder is not empty; empty it or give another with --out".formatted(out));
        }
      }
    }
  }

  private void writeFolder(SimulatedSequence sequence) throws IOException {
    SequenceFolderWriter.Config layout =
        SequenceFolderWriter.Config.defaults().withJpegQuality(jpegQuality);
    if (Scenes.named(scene).isOutdoors()) {
      layout = layout.withDepthUnitsPerM(OUTDOOR_DEPTH_UNITS_PER_M);
    }
    try (SequenceFolderWriter writer = new SequenceFolderWriter(out, layout);
        ProgressBar progress = progress()) {
      long done = 0;
      for (SimulatedFrame frame : sequence) {
        writer.write(
            frame.frame(),
            frame.T_world_cam(),
            pathOnly ? null : frame.depth(),
            pathOnly ? null : frame.backwardFlow(),
            pathOnly ? null : frame.sceneFlow(),
            pathOnly ? null : frame.movingMask());
        progress.update(++done);
      }
    }
  }

  private void writeBag(SimulatedSequence sequence, SimSensors sensors) throws IOException {
    Path parent = out.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (SequenceBagWriter writer = new SequenceBagWriter(out, jpegQuality);
        ProgressBar progress = progress()) {
      long done = 0;
      for (SimulatedFrame frame : sequence) {
        sensors.write(writer, frame.frame().stamp());
        writer.write(frame.frame(), frame.T_world_cam(), frame.depth());
        progress.update(++done);
      }
    }
  }

  private @Nullable SpeedSensor speeds(SimulatedSequence sequence) {
    try {
      return speedStdMps == null
          ? null
          : new SpeedSensor(sequence, SpeedSensor.USUAL_RATE_HZ, speedStdMps);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private ProgressBar progress() {
    return ProgressBar.onStandardError("sim", "frames", OptionalLong.of(frames));
  }
}
