package dev.parallax.nodes.ros.playback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosClockMessage;
import dev.parallax.nodes.codec.WireInput;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.tcpros.TcpRosNode;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.nodes.source.mcap.McapWriter;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BagPlayerTest {
  private static final int MESSAGES = 50;
  private static final long START_NS = 1_600_000_000_000_000_000L;
  private static final long GAP_NS = 20_000_000L;

  @TempDir Path folder;
  private RosMaster master;

  @BeforeEach
  void startMaster() {
    master = RosMaster.start(folder);
  }

  @AfterEach
  void stopMaster() {
    if (master != null) {
      master.close();
    }
  }

  @Test
  void everyMessageOfTheTopicsChosenArrivesByteForByteWithTheClockBeside() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    List<Long> clock = new CopyOnWriteArrayList<>();
    try (RosNode listener = TcpRosNode.connect(master.config("listener"), line -> {});
        RosNode talker = TcpRosNode.connect(master.config("talker"), line -> {});
        Bag bag = Bags.open(write())) {
      listener.subscribe(
          "/pose",
          RosType.of(Ros1Type.POSE_STAMPED),
          SubscribeOptions.defaults(),
          delivery -> seen.add(hex(delivery.message())));
      listener.subscribe(
          "/clock",
          RosType.of(Ros1Type.CLOCK),
          SubscribeOptions.defaults(),
          delivery ->
              clock.add(
                  timeOf(new Ros1Input(delivery.message(), "/clock", "rosgraph_msgs/Clock"))));
      List<BagChannel> chosen =
          bag.channels().stream().filter(c -> c.topic().equals("/pose")).toList();
      PlaybackControl control = new PlaybackControl(2, true, System::nanoTime);
      try (BagPlayer player = new BagPlayer(bag, chosen, talker);
          ClockTopic topic = new ClockTopic(talker, control)) {
        awaitListener(player, control, seen, bag);
      }
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      expected.add(hex(ByteBuffer.wrap(message(i))));
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(clock).hasSizeGreaterThan(10).isSorted();
    assertThat(clock).allMatch(t -> t >= START_NS && t <= START_NS + GAP_NS * (MESSAGES + 5));
  }

  /** Plays once the subscribers are there: the player begins paused. */
  private static void awaitListener(
      BagPlayer player, PlaybackControl control, List<String> seen, Bag bag) throws Exception {
    Thread resume =
        new Thread(
            () -> {
              try {
                Thread.sleep(1500);
                control.resume();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    resume.start();
    long startNs = System.nanoTime();
    long played = player.play(0, Double.POSITIVE_INFINITY, control, done -> {}, () -> false);
    assertThat(played).isEqualTo(MESSAGES);
    assertThat((System.nanoTime() - startNs) / 1e9).isGreaterThan(1.5 + MESSAGES * 0.01 * 0.9);
    for (int waits = 0; waits < 200 && seen.size() < MESSAGES; waits++) {
      Thread.sleep(20);
    }
    assertThat(bag.warnings()).isEmpty();
  }

  @Test
  void theCommandIsPausedAndSteppedAndResumedOverHttp() throws Exception {
    int port = freePort();
    Process play =
        master.start(
            "play",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx500m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "dev.parallax.nodes.cli.ParallaxCommand",
            "replay",
            write().toString(),
            "--publish",
            "ros",
            "--loop",
            "--pause",
            "--web",
            Integer.toString(port));
    try (RosNode listener = TcpRosNode.connect(master.config("listener"), line -> {});
        RosSubscription poses =
            listener.subscribe(
                "/pose",
                RosType.of(Ros1Type.POSE_STAMPED),
                SubscribeOptions.defaults(),
                delivery -> {})) {
      RosMaster.await("it publishes", () -> poses.publishers() == 1);
      assertThat(poses.received()).isZero();
      post(port, "step");
      RosMaster.await("one step was made", () -> poses.received() == 1);
      post(port, "resume");
      RosMaster.await("it goes round", () -> poses.received() > 2 * MESSAGES);
      post(port, "pause");
      Thread.sleep(200);
      long before = poses.received();
      Thread.sleep(500);
      assertThat(poses.received()).isEqualTo(before);
    } finally {
      play.destroy();
    }
    assertThat(play.waitFor(20, TimeUnit.SECONDS)).as(master.printed("play")).isTrue();
  }

  private static void post(int port, String action) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + port + "/api/playback/" + action);
    HttpRequest request =
        HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aPartIsPlayedAndWhatIsNotRos1IsRefusedByName() throws Exception {
    try (RosNode talker = TcpRosNode.connect(master.config("talker"), line -> {});
        Bag bag = Bags.open(write())) {
      PlaybackControl fast =
          new PlaybackControl(PlaybackControl.AS_FAST_AS_POSSIBLE, false, System::nanoTime);
      try (BagPlayer player = new BagPlayer(bag, List.copyOf(bag.channels()), talker)) {
        assertThat(player.play(0.1, 0.2, fast, done -> {}, () -> false)).isEqualTo(2 * 10);
      }
      Path mcap = folder.resolve("two.mcap");
      try (McapWriter writer = McapWriter.create(mcap, "ros2", McapWriter.Compression.NONE)) {
        writer.addChannel(
            new BagChannel(
                0, "/ros2", "cdr", new BagChannel.Schema("a/msg/B", "", new byte[0]), Map.of()));
      }
      try (Bag ros2 = Bags.open(mcap)) {
        assertThatThrownBy(() -> new BagPlayer(ros2, List.copyOf(ros2.channels()), talker))
            .isInstanceOf(SourceException.class)
            .hasMessageContainingAll("two.mcap", "/ros2", "cdr", "--topics");
      }
    }
  }

  private Path write() throws Exception {
    Path path = folder.resolve("drive.bag");
    try (BagWriter bag = BagWriter.create(path, BagWriter.Compression.LZ4)) {
      int poses = bag.addConnection("/pose", Ros1Type.POSE_STAMPED);
      int others = bag.addConnection("/other", Ros1Type.POSE_STAMPED);
      for (int i = 0; i < MESSAGES; i++) {
        Timestamp time = new Timestamp(START_NS + GAP_NS * i);
        bag.write(poses, time, message(i));
        bag.write(others, time, message(i));
      }
    }
    return path;
  }

  private static byte[] message(int i) {
    byte[] message = new byte[40 + i];
    Arrays.fill(message, (byte) i);
    return message;
  }

  private static String hex(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static long timeOf(WireInput in) {
    try {
      return RosClockMessage.read(in).clock().nanos();
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }
}
