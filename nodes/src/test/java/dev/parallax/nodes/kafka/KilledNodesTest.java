package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.ProtoResults.Result;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real nodes in JVMs of their own, killed with -9 at random moments and replaced, while two
 * cameras go on. For the record at full size: {@code -Dparallax.kills=50
 * -Dparallax.kills.recording=FOLDER -Dparallax.kills.gap=6}.
 */
@ExtendWith(BrokerExtension.class)
@Timeout(1200)
class KilledNodesTest {
  private static final int KILLS = Integer.getInteger("parallax.kills", 3);
  private static final String RECORDING = System.getProperty("parallax.kills.recording", "");
  private static final double GAP_S = Integer.getInteger("parallax.kills.gap", 4);
  private static final int SIMULATED_FRAMES = 60;

  private final KafkaConfig config;
  private final Topics topics;
  private final Random random = new Random(6);
  private final AtomicInteger kills = new AtomicInteger();

  private NodeProcess[] survivors = {};

  @TempDir private Path temp;

  KilledNodesTest(Desk desk) {
    config = desk.fresh("killed").withSessionTimeout(Duration.ofSeconds(2));
    topics = new Topics(config.namespace());
  }

  @AfterEach
  void leavesNoNodeBehind() throws Exception {
    for (NodeProcess node : survivors) {
      node.kill();
    }
  }

  private static List<CameraFrame> frames() {
    List<CameraFrame> frames = new ArrayList<>();
    if (RECORDING.isEmpty()) {
      SimulationConfig clip = SimulationConfig.defaults(7, SIMULATED_FRAMES, 15).withSize(320, 240);
      try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, clip)) {
        sequence.forEach(frame -> frames.add(frame.frame()));
      }
      return frames;
    }
    try (FrameSource source = Recordings.open(Path.of(RECORDING), RecordingOptions.defaults())) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        frames.add(((SourceItem.Frame) item).frame());
      }
    }
    return frames;
  }

  @Test
  void eachFrameHasExactlyOneResultAndTheCameraNeverJumps() throws Exception {
    List<CameraFrame> frames = frames();
    Map<Long, Se3> undisturbed = poses(frames);
    Thread camera = new Thread(() -> publish(frames), "cameras");
    camera.setDaemon(true);
    camera.start();
    killAndReplace();
    camera.join();
    List<Result> results = finish(2 * frames.size());

    Map<String, Long> once =
        results.stream()
            .collect(Collectors.groupingBy(KilledNodesTest::place, Collectors.counting()));
    assertThat(once).as("frames with a result").hasSize(2 * frames.size());
    assertThat(once.values()).as("results a frame").containsOnly(1L);
    long published = results.stream().filter(Result::published).count();
    assertThat(new Committed(config).records(topics.depth())).hasSize((int) published);
    int takeovers = 0;
    for (String name : List.of("left", "right")) {
      takeovers += judge(name, results, undisturbed);
    }
    assertThat(takeovers).as("sessions that changed hands").isPositive();
  }

  /** Keeps frames back for the kills still to come, so that each one hits a node at work. */
  private void publish(List<CameraFrame> frames) {
    long intervalMs = (long) (1000 * (KILLS * GAP_S + 10) / frames.size());
    try (FramePublisher publisher = new FramePublisher(config, "kill", 4)) {
      for (int i = 0; i < frames.size(); i++) {
        CameraFrame f = frames.get(i);
        while ((long) i * (KILLS + 1) > (long) frames.size() * (kills.get() + 1)) {
          Thread.sleep(intervalMs);
        }
        for (String name : List.of("left", "right")) {
          publisher.publish(new SourceItem.Frame(TestFrames.from(name, f)));
        }
        publisher.flush();
        Thread.sleep(intervalMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each kill hits a node that has worked since the kill before. */
  private void killAndReplace() throws Exception {
    NodeProcess[] nodes = {node(0), node(1)};
    survivors = nodes;
    Set<String> before = Set.of();
    while (kills.get() < KILLS) {
      String worker = awaitWork(before);
      Thread.sleep((long) (1000 * GAP_S * random.nextDouble()));
      before = places(new Committed(config).results(topics));
      int victim = Integer.parseInt(worker.substring(1));
      nodes[victim].kill();
      nodes[victim] = node(victim);
      kills.incrementAndGet();
    }
  }

  private String awaitWork(Set<String> before) throws InterruptedException {
    List<Result> results =
        new Committed(config)
            .await(topics, all -> !before.containsAll(places(all)), Duration.ofSeconds(60));
    return results.stream()
        .filter(r -> !before.contains(place(r)))
        .map(r -> r.origin().node())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no node has worked for a minute"));
  }

  private static Set<String> places(List<Result> results) {
    return results.stream().map(KilledNodesTest::place).collect(Collectors.toSet());
  }

  private static String place(Result result) {
    return result.origin().partition() + "/" + result.origin().offset();
  }

  private NodeProcess node(int index) throws Exception {
    return new NodeProcess(config, "n" + index, temp.resolve("n" + index + ".log"));
  }

  private List<Result> finish(int count) throws InterruptedException {
    List<Result> results =
        new Committed(config).awaitResults(topics, count, Duration.ofSeconds(120));
    Thread.sleep(1000); // a doubled one would come now
    for (NodeProcess node : survivors) {
      assertThat(node.stop()).as("exit of a stopped node: " + temp).isIn(0, 143);
    }
    return results.isEmpty() ? results : new Committed(config).results(topics);
  }

  private static Map<Long, Se3> poses(List<CameraFrame> frames) {
    Map<Long, Se3> poses = new HashMap<>();
    try (PerceptionPipeline pipeline =
        new DevicePipelineFactory(DeviceWish.parse("cpu"))
            .create(PipelineConfig.defaults(), notice -> {})) {
      for (CameraFrame frame : frames) {
        if (pipeline.process(frame) instanceof Estimated e) {
          poses.put(frame.id().sequence(), e.pose().T_odom_cam());
        }
      }
    }
    return poses;
  }

  /**
   * Steps from frame to frame are like those of a run that nobody disturbed.
   *
   * @return how often the camera's session changed hands
   */
  private static int judge(String camera, List<Result> results, Map<Long, Se3> undisturbed) {
    TreeMap<Long, Se3> killed = new TreeMap<>();
    int takeovers = 0;
    for (Result r : results) {
      if (r.camera().equals(camera) && r.T_odom_cam() != null) {
        killed.put(r.sequence(), r.T_odom_cam());
        takeovers = Math.max(takeovers, r.origin().takeovers());
      }
    }
    double path = 0;
    double longestStep = 0;
    double longestKilledStep = 0;
    double farthestApart = 0;
    Se3 before = null;
    Se3 killedBefore = null;
    for (var entry : killed.entrySet()) {
      Se3 pose = undisturbed.get(entry.getKey());
      if (pose != null && before != null) {
        double step = before.inverse().times(pose).distance();
        path += step;
        longestStep = Math.max(longestStep, step);
        longestKilledStep =
            Math.max(longestKilledStep, killedBefore.inverse().times(entry.getValue()).distance());
      }
      if (pose != null) {
        farthestApart = Math.max(farthestApart, pose.inverse().times(entry.getValue()).distance());
        before = pose;
        killedBefore = entry.getValue();
      }
    }
    System.out.printf(
        "%s: %d kills, %d takeovers of this camera, %d poses; longest step %.4f (undisturbed %.4f),"
            + " farthest from undisturbed %.4f of a path of %.4f%n",
        camera,
        KILLS,
        takeovers,
        killed.size(),
        longestKilledStep,
        longestStep,
        farthestApart,
        path);
    assertThat(longestKilledStep).as("a jump of odom").isLessThan(2 * longestStep);
    assertThat(farthestApart / path).as("apart, of the path").isLessThan(0.1);
    return takeovers;
  }
}
