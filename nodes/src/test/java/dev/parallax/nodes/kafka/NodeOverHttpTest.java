package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.web.DashboardConfig;
import dev.parallax.nodes.web.DashboardServer;
import dev.parallax.nodes.web.DashboardSink;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What supervisors and Prometheus see of a node. */
@ExtendWith(BrokerExtension.class)
@Timeout(120)
class NodeOverHttpTest {
  private final KafkaConfig config;

  NodeOverHttpTest(Desk desk) {
    config =
        desk.fresh("http").withClientProperties(java.util.Map.of("sasl.jaas.config", "hunter2"));
  }

  @Test
  void healthAndTheFiguresOfNodeAndClientsAreToldAndNoSecret() throws Exception {
    try (FramePublisher publisher = new FramePublisher(config, "s", 2)) {
      for (int i = 0; i < 5; i++) {
        publisher.publish(TestFrames.frame(i));
      }
      publisher.flush();
    }
    RunningNode node = RunningNode.counting(config);
    DashboardSink page = new DashboardSink("test", System::nanoTime);
    try (DashboardServer server =
        DashboardServer.start(DashboardConfig.fixed(0), page, null, List.of(node.node()))) {
      new Committed(config).awaitResults(new Topics(config.namespace()), 5, Duration.ofSeconds(60));
      String metrics = get(server, "metrics").body();
      assertThat(metrics)
          .contains("parallax_kafka_frames_total{node=\"http\",outcome=\"published\"} 5.0")
          .contains("parallax_kafka_up{node=\"http\"} 1.0")
          .containsPattern("kafka_consumer_fetch_manager_records_consumed_total\\{[^}]*} [5-9]")
          .containsPattern("kafka_consumer_coordinator_assigned_partitions\\{[^}]*} 2.0")
          .containsPattern("kafka_producer_txn_commit_time_ns_total\\{[^}]*}")
          .doesNotContain("hunter2");
      assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
          .as("Prometheus' text format")
          .allMatch(
              line ->
                  line.matches(
                      "[a-zA-Z_][a-zA-Z0-9_]*(\\{[a-z_]+=\".*\"})? (-?[0-9.E+-]+|[+-]Inf)"));
      HttpResponse<String> health = get(server, "health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(health.body())
          .contains("\"inGroup\":true")
          .contains("\"partitions\":[0,1]")
          .doesNotContain("hunter2");

      node.stop();
      HttpResponse<String> stopped = get(server, "health");
      assertThat(stopped.statusCode()).as(stopped.body()).isEqualTo(503);
      assertThat(stopped.body()).contains("\"inGroup\":false");
    }
  }

  private static HttpResponse<String> get(DashboardServer server, String path)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.address().resolve(path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
