package dev.parallax.nodes.cli;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.RosLog;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.config.NodeConfig;
import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.camera.DiagnosticsTopic;
import dev.parallax.nodes.ros.camera.RosCamera;
import dev.parallax.nodes.ros.camera.RosCameraConfig;
import dev.parallax.nodes.ros.camera.RosLogTopic;
import dev.parallax.nodes.ros.camera.TransformListener;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.runtime.WarmUp;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** One run of the node over ROS, from joining the graph to the summary. */
final class RosRun {
  private static final String DEFAULT_NODE = "parallax";
  private static final long MASTER_PAUSE_MS = 1000;

  private final RosClient client;
  private final NodeConfig file;
  private final CameraSettings flags;
  private final List<String> arguments;
  private final PipelineFactory pipelines;
  private final FurtherSinks further;
  private final CommandLine commandLine;
  private final PrintWriter err;

  /** Makes the sinks that take one camera's results beside ROS. */
  @FunctionalInterface
  interface FurtherSinks {
    List<OutcomeSink> of(RosCamera camera, PipelineConfig config);
  }

  /**
   * @param client who talks to ROS
   * @param file what the configuration file says
   * @param flags what the command line says of the camera; overrules parameters and file
   * @param arguments remappings and names in ROS's own form
   */
  RosRun(
      RosClient client,
      NodeConfig file,
      CameraSettings flags,
      List<String> arguments,
      PipelineFactory pipelines,
      FurtherSinks further,
      CommandLine commandLine) {
    this.client = client;
    this.file = file;
    this.flags = flags;
    this.arguments = arguments;
    this.pipelines = pipelines;
    this.further = further;
    this.commandLine = commandLine;
    err = commandLine.getErr();
  }

  int call() {
    RosConfig ros = RosConfig.of(System.getenv(), DEFAULT_NODE, arguments);
    if (ros.isLoopback() && ros.hasRemoteMaster()) {
      say(
          "warning: the master at %s is on another machine, but nobody there can reach this node; set ROS_IP to the address that leads here"
              .formatted(ros.master()));
    }
    try (RosNode node = connect(ros);
        RosLogTopic log = new RosLogTopic(node);
        TransformListener transforms = new TransformListener(node)) {
      NodeConfig config = resolve(node);
      return run(node, log, transforms, config);
    }
  }

  /** Waits for the master, as ROS nodes do, saying once that it does. */
  private RosNode connect(RosConfig ros) {
    boolean told = false;
    while (true) {
      try {
        return client.connect(ros, line -> say("ros: " + line));
      } catch (RosException e) {
        if (!told) {
          say("waiting: " + e.getMessage());
          told = true;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(MASTER_PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while waiting for the ROS master", e);
    }
  }

  /** Flags over parameters over the file. */
  private NodeConfig resolve(RosNode node) {
    try {
      return file.with(flags.over(parameters(node)));
    } catch (CalibrationFormatException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static CameraSettings parameters(RosNode node) throws CalibrationFormatException {
    Optional<Object> given = node.parameter(node.name());
    if (given.orElse(null) instanceof Map<?, ?> map) {
      return CameraSettings.read(YamlTree.of("parameters of " + node.name(), map));
    }
    return CameraSettings.none();
  }

  private int run(RosNode node, RosLogTopic log, TransformListener transforms, NodeConfig config) {
    Map<RosCameraConfig, CameraSettings> wanted = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    Set<String> namespaces = new HashSet<>();
    for (CameraSettings settings : config.cameras()) {
      RosCameraConfig camera = RosCameraFactory.config(settings);
      if (!names.add(camera.name()) || !namespaces.add(node.resolve(camera.namespace()))) {
        throw new CommandFailure(
            "two cameras have the name %s or the namespace %s; give each its own"
                .formatted(camera.name(), camera.namespace()));
      }
      wanted.put(camera, settings);
      log.write(RosLog.Level.INFO, "camera %s: %s".formatted(camera.name(), settings.said()));
    }
    WarmUp.run(pipelines); // the first picture shall not wait for libraries to load
    List<CameraRun> runs = new CopyOnWriteArrayList<>(); // the diagnostics look at it
    CountDownLatch ended = new CountDownLatch(1);
    try (DiagnosticsTopic unused =
        new DiagnosticsTopic(node, () -> runs.stream().map(CameraRun::status).toList())) {
      wanted.forEach(
          (wish, settings) -> {
            PipelineConfig pipeline = pipelineConfig(settings);
            RosCamera camera = new RosCamera(wish, node, log, transforms, pipelines, pipeline);
            runs.add(new CameraRun(camera, further.of(camera, pipeline), config.webPort(), err));
          });
      runs.forEach(run -> say("listening to " + run.camera().source().name()));
      node.onShutdownRequest(
          reason -> {
            say("asked to end: " + reason);
            runs.forEach(CameraRun::stop);
          });
      Thread hook = new Thread(() -> stopAndWait(runs, ended), "stop");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        runs.forEach(CameraRun::start);
        return conclude(runs);
      } finally {
        runs.forEach(CameraRun::close);
        ended.countDown();
        removeHook(hook);
      }
    }
  }

  private static PipelineConfig pipelineConfig(CameraSettings settings) {
    try {
      return settings.pipeline();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void stopAndWait(List<CameraRun> runs, CountDownLatch ended) {
    runs.forEach(CameraRun::stop);
    try {
      if (!ended.await(20, TimeUnit.SECONDS)) {
        System.err.println("parallax: gave up waiting for the results to be finished");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is already going down: the hook is running and ends by itself.
    }
  }

  private int conclude(List<CameraRun> runs) {
    int status = ExitStatus.OK;
    for (CameraRun run : runs) {
      CameraRun.Ended ended = run.await();
      PrintWriter out = commandLine.getOut();
      out.println("camera   " + run.camera().name());
      out.print(ended.summary());
      out.flush();
      for (RuntimeException failure : ended.failures()) {
        say("parallax: " + failure.getMessage());
        status = ExitStatus.FAILED;
      }
      if (!ended.balanced()) {
        status = ExitStatus.FAILED;
      }
    }
    return status;
  }

  private void say(String line) {
    synchronized (err) {
      err.println(line);
      err.flush();
    }
  }
}
