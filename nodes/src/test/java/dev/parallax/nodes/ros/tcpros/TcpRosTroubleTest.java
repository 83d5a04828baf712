package dev.parallax.nodes.ros.tcpros;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.ros.OpenLinks;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that break the rules: each is cut off with the reason, and the rest goes on. No ROS needed.
 */
@Timeout(60)
class TcpRosTroubleTest {
  private static final RosType CLOCK = RosType.of(Ros1Type.CLOCK);
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final SubscribeOptions IMPATIENT =
      new SubscribeOptions(true, 1 << 20, Duration.ofMillis(300));

  private OpenLinks before;

  @BeforeEach
  void count() {
    before = OpenLinks.now();
  }

  /** Whatever went wrong, nothing stays open. */
  @AfterEach
  void nothingIsLeftOpen() {
    before.awaitReturn();
  }

  /** What a publisher does once a subscriber has come. */
  @FunctionalInterface
  interface Behaviour {
    void to(Socket subscriber) throws IOException;
  }

  @Test
  void aMessageOfTwoGigabytesIsRefusedBeforeRoomIsMade() throws Exception {
    assertTrouble(
        subscriber -> {
          greet(subscriber, CLOCK.md5());
          subscriber.getOutputStream().write(new byte[] {-1, -1, -1, 0x7f, 1, 2, 3});
        },
        "announces a message of 2147483647 bytes");
  }

  @Test
  void aPublisherThatStallsInTheMiddleOfAMessageIsLetGo() throws Exception {
    assertTrouble(
        subscriber -> {
          greet(subscriber, CLOCK.md5());
          subscriber.getOutputStream().write(new byte[] {8, 0, 0, 0, 1, 2, 3});
        },
        "stood still");
  }

  @Test
  void aPublisherThatEndsInTheMiddleOfAMessageIsNoticed() throws Exception {
    assertTrouble(
        subscriber -> {
          greet(subscriber, CLOCK.md5());
          subscriber.getOutputStream().write(new byte[] {8, 0, 0, 0, 1, 2, 3});
          subscriber.close();
        },
        "in the middle of a message");
  }

  @Test
  void aWrongChecksumIsRefused() throws Exception {
    assertTrouble(subscriber -> greet(subscriber, "0".repeat(32)), "build both ends from the same");
  }

  @Test
  void anErrorFromThePublisherIsPassedOn() throws Exception {
    assertTrouble(
        subscriber -> ConnectionHeader.of("error", "go away").write(subscriber.getOutputStream()),
        "go away");
  }

  @Test
  void garbageForAHeaderIsRefused() throws Exception {
    byte[] garbage = new byte[64];
    new Random(3).nextBytes(garbage);
    garbage[3] = 0x7f; // an absurd length
    assertTrouble(subscriber -> subscriber.getOutputStream().write(garbage), "is none");
    assertTrouble(
        subscriber ->
            subscriber.getOutputStream().write(new byte[] {8, 0, 0, 0, 99, 0, 0, 0, 1, 2, 3, 4}),
        "reaches beyond");
  }

  @Test
  void aPublisherThatCannotBeReachedIsNamed() {
    try (Subscription subscription = subscription()) {
      subscription.publishers(List.of("http://127.0.0.1:9/", "not a uri", "http://h:x/"));
      RosMaster.await("the trouble is told", () -> !subscription.troubles().isEmpty());
      assertThat(subscription.troubles())
          .singleElement()
          .asString()
          .contains("http://127.0.0.1:9/");
    }
  }

  @Test
  void aBadPublisherDoesNotKeepAGoodOneFromBeingHeard() throws Exception {
    try (FakePublisher bad = new FakePublisher(s -> s.getOutputStream().write(new byte[64]));
        FakePublisher good =
            new FakePublisher(
                s -> {
                  greet(s, CLOCK.md5());
                  s.getOutputStream().write(new byte[] {8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0});
                });
        Subscription subscription = subscription()) {
      subscription.publishers(List.of(bad.uri(), good.uri()));
      RosMaster.await("the good one is heard", () -> subscription.received() == 1);
    }
  }

  @Test
  void aSubscriberThatDoesNotReadCostsItsOldestMessagesAndNobodyElse() throws Exception {
    Publication publication = new Publication("/n", "/t", CLOCK, PublishOptions.queue(3));
    try (TcpServer server = server(publication);
        Socket stalled = subscriber(server);
        Socket reader = subscriber(server)) {
      RosMaster.await("both came", () -> publication.subscribers() == 2);
      AtomicInteger heard = new AtomicInteger();
      Thread reading = new Thread(() -> count(reader, heard));
      reading.start();
      ByteBuffer message = ByteBuffer.wrap(new byte[1 << 20]);
      long start = System.nanoTime();
      for (int i = 0; i < 64; i++) {
        int before = heard.get();
        publication.publish(message);
        RosMaster.await("the other one hears each", () -> heard.get() > before);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(publication.dropped()).isGreaterThan(30);
      assertThat(stalled.isClosed()).isFalse();
      publication.close();
      reading.join(5000);
      assertThat(reading.isAlive()).isFalse();
    }
  }

  @Test
  void visitorsWhoDoNotSpeakTcprosDoNotKeepOthersOut() throws Exception {
    Publication publication = new Publication("/n", "/t", CLOCK, PublishOptions.queue(3));
    try (TcpServer server = server(publication);
        Socket silent = connect(server);
        Socket garbage = connect(server);
        Socket wrong = connect(server)) {
      garbage
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(garbage.getInputStream().read()).as("closed").isNegative();
      ConnectionHeader.of("callerid", "/x", "topic", "/t", "type", "a/B", "md5sum", "1")
          .write(wrong.getOutputStream());
      assertThat(ConnectionHeader.read(wrong.getInputStream()).get("error")).contains("/t", "a/B");
      try (Socket good = subscriber(server)) {
        RosMaster.await("the good one came", () -> publication.subscribers() == 1);
        publication.publish(ByteBuffer.wrap(new byte[8]));
        assertThat(good.getInputStream().readNBytes(12)).startsWith(8, 0, 0, 0);
      }
      assertThat(silent.isConnected()).isTrue();
      publication.close();
    }
  }

  private static void assertTrouble(Behaviour behaviour, String expected) throws Exception {
    try (FakePublisher publisher = new FakePublisher(behaviour);
        Subscription subscription = subscription()) {
      subscription.publishers(List.of(publisher.uri()));
      RosMaster.await(
          "told: " + expected,
          () -> subscription.troubles().stream().anyMatch(t -> t.contains(expected)));
      assertThat(subscription.received()).isZero();
    }
  }

  private static Subscription subscription() {
    return new Subscription("/n", "/t", CLOCK, IMPATIENT, delivery -> {}, closing -> {});
  }

  private static void greet(Socket subscriber, String md5) throws IOException {
    ConnectionHeader unused = ConnectionHeader.read(subscriber.getInputStream());
    ConnectionHeader.of("callerid", "/p", "type", CLOCK.name(), "md5sum", md5)
        .write(subscriber.getOutputStream());
  }

  private static TcpServer server(Publication publication) throws IOException {
    return new TcpServer(
        LOOPBACK,
        (socket, header) -> {
          publication.accept(socket, header);
          return true;
        });
  }

  private static Socket connect(TcpServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private static Socket subscriber(TcpServer server) throws IOException {
    Socket socket = connect(server);
    ConnectionHeader.of(
            "callerid",
            "/s",
            "topic",
            "/t",
            "type",
            CLOCK.name(),
            "md5sum",
            CLOCK.md5(),
            "tcp_nodelay",
            "1")
        .write(socket.getOutputStream());
    assertThat(ConnectionHeader.read(socket.getInputStream()).get("error")).isEmpty();
    return socket;
  }

  private static void count(Socket socket, AtomicInteger heard) {
    try {
      while (true) {
        byte[] length = socket.getInputStream().readNBytes(4);
        if (length.length < 4) {
          return;
        }
        socket
            .getInputStream()
            .skipNBytes(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt());
        heard.incrementAndGet();
      }
    } catch (IOException e) {
      // Closed by the publisher: the test is over.
    }
  }

  /** A slave API that offers the topic, and a port behind it that behaves as told. */
  private static final class FakePublisher implements AutoCloseable {
    private final ServerSocket tcp = new ServerSocket();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final XmlRpcServer slave;
    private final CountDownLatch over = new CountDownLatch(1);

    FakePublisher(Behaviour behaviour) throws IOException {
      tcp.bind(LOOPBACK);
      slave =
          new XmlRpcServer(
              LOOPBACK,
              "fake",
              (method, parameters) ->
                  List.of(1, "", List.of("TCPROS", "127.0.0.1", tcp.getLocalPort())));
      Thread thread = new Thread(() -> accept(behaviour));
      thread.setDaemon(true);
      thread.start();
    }

    String uri() {
      return "http://127.0.0.1:" + slave.port() + "/";
    }

    private void accept(Behaviour behaviour) {
      while (over.getCount() > 0) {
        try {
          Socket subscriber = tcp.accept();
          accepted.add(subscriber);
          OutputStream unused = subscriber.getOutputStream();
          behaviour.to(subscriber); // and then silence, unless it closed
        } catch (IOException e) {
          // The subscriber has left, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      over.countDown();
      tcp.close();
      slave.close();
      for (Socket subscriber : accepted) {
        subscriber.close();
      }
    }
  }
}
