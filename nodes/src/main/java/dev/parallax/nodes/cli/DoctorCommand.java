package dev.parallax.nodes.cli;

import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.doctor.RosDoctor;
import dev.parallax.nodes.ros.tcpros.TcpRosNode;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.DoctorReport;
import dev.parallax.nodes.runtime.RecordingDoctor;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax doctor}: what a live set-up or a recording gets wrong. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Watches a live ROS graph for a few seconds and names what is missing or odd, each with the"
          + " topic and the remedy: CameraInfo, stamps, rates, encodings, synchronisation, owners of"
          + " transforms, nodes that cannot be reached.",
      "With --recording reads a recording instead, and names pictures that cannot be used, stamps that"
          + " repeat or go back, missing pictures, an exposure that jumps, and a calibration that the"
          + " pictures contradict in its focal length or distortion; with --imu also an IMU whose axes or units they contradict.",
      "Exit status 1 if something would keep the node from working.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax doctor",
      "  parallax doctor --image /camera/image_raw --seconds 10",
      "  parallax doctor --recording drive.bag",
      "  parallax doctor --recording walk.mp4 --camera camera.yaml",
      "  parallax doctor --recording walk.bag --imu auto",
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Option(
      names = "--image",
      paramLabel = "TOPIC",
      description =
          "look at this image topic alone (default: every one that is published; of a bag, found by"
              + " type)")
  private @Nullable String imageTopic;

  @Option(
      names = "--recording",
      paramLabel = "INPUT",
      description = "look at this recording instead, as replay takes it")
  private @Nullable Path recording;

  @Option(
      names = "--camera",
      paramLabel = "FILE",
      description =
          "with --recording: camera.yaml in ROS calibration format, in place of the recording's own")
  private @Nullable Path camera;

  @Option(
      names = "--imu",
      paramLabel = "TOPIC|FILE|auto",
      description = "with --recording: hold this IMU against the pictures, as replay takes it")
  private @Nullable String imu;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "how long to watch (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Parameters(
      paramLabel = "NAME:=VALUE",
      arity = "0..*",
      description = "remappings and names, as rosrun passes them")
  private List<String> rosArguments = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new ParameterException(spec.commandLine(), "--seconds must be above 0, at most 3600");
    }
    return recording == null ? watch() : read(recording);
  }

  private int read(Path input) {
    RecordingOptions options =
        RecordingOptions.defaults()
            .withImageTopic(imageTopic)
            .withImu(imu == null ? null : new RecordingOptions.Imu(imu, null))
            .withCalibration(camera == null ? null : RecordingArguments.calibration(camera));
    RecordingDoctor doctor =
        new RecordingDoctor(new DevicePipelineFactory(DeviceWish.auto()), imu != null);
    try (FrameSource source = Recordings.open(input, options);
        ProgressBar progress =
            ProgressBar.onStandardError("doctor", "frames", source.frameCount())) {
      DoctorReport report = doctor.examine(source, progress::update);
      progress.close();
      return conclude(report);
    }
  }

  private int watch() throws InterruptedException {
    String name = "parallax_doctor_" + ProcessHandle.current().pid();
    RosConfig config = RosConfig.of(System.getenv(), name, rosArguments);
    PrintWriter out = spec.commandLine().getOut();
    try (RosNode node = TcpRosNode.connect(config, line -> out.println("ros: " + line))) {
      DoctorReport report =
          new RosDoctor(config, node, imageTopic).examine(Duration.ofNanos((long) (seconds * 1e9)));
      return conclude(report);
    }
  }

  private int conclude(DoctorReport report) {
    PrintWriter out = spec.commandLine().getOut();
    report.seen().forEach(line -> out.println("seen     " + line));
    report.findings().forEach(out::println);
    if (report.findings().isEmpty()) {
      out.println("nothing is wrong");
    }
    out.flush();
    return report.isHealthy() ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
