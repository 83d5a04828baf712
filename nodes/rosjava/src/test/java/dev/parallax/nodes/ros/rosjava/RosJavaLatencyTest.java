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

/** Why rosjava is not the default: how late pictures come with it, beside our own client. */
@Timeout(120)
class RosJavaLatencyTest {
  @Test
  void picturesComeSoonerWithOurOwnClient(@TempDir Path home) {
    try (RosMaster master = RosMaster.start(home);
        RosNode tcpros =
            RosClient.named("tcpros").connect(master.config("tcpros"), System.out::println);
        RosNode rosjava =
            RosClient.named("rosjava").connect(master.config("rosjava"), System.out::println)) {
      Map<String, RosNode> nodes = new LinkedHashMap<>();
      nodes.put("rosjava", rosjava);
      nodes.put("tcpros", tcpros);
      Map<String, SubscribeLatency.Result> results = SubscribeLatency.measure(master, nodes);
      results.forEach((name, result) -> System.out.println("latency of " + name + ": " + result));
      assertThat(results.get("rosjava").frames()).isGreaterThan(200);
      assertThat(results.get("tcpros").p50Ms()).isLessThan(results.get("rosjava").p50Ms());
    }
  }
}
