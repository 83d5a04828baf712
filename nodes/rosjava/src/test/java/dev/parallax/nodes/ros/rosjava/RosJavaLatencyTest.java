package dev.parallax.nodes.ros.rosjava;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.SubscribeLatency;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How late pictures come with rosjava, beside our own client. */
@Timeout(360)
class RosJavaLatencyTest {
  @Test
  void picturesComeSoonerWithOurOwnClient(@TempDir Path home) {
    boolean holds;
    try (RosMaster master = RosMaster.start(home);
        RosNode tcpros =
            RosClient.named("tcpros").connect(master.config("tcpros"), System.out::println);
        RosNode rosjava =
            RosClient.named("rosjava").connect(master.config("rosjava"), System.out::println)) {
      Map<String, RosNode> nodes = new LinkedHashMap<>();
      nodes.put("rosjava", rosjava);
      nodes.put("tcpros", tcpros);
      holds =
          SubscribeLatency.holdsOnce(
              master,
              nodes,
              results -> {
                assertThat(results.get("rosjava").frames()).isGreaterThan(200);
                return results.get("tcpros").p50Ms() < results.get("rosjava").p50Ms();
              });
    }
    assertThat(holds).as("p50 of our client under rosjava's in one run of six").isTrue();
  }
}
