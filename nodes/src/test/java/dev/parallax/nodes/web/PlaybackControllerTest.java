package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.runtime.PlaybackControl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class PlaybackControllerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final DashboardSink sink = new DashboardSink("test drive", System::nanoTime);

  @Test
  void playbackIsWorkedOverHttp() throws Exception {
    PlaybackControl control = new PlaybackControl(1, false, System::nanoTime);
    try (DashboardServer server = DashboardServer.start(DashboardConfig.fixed(0), sink, control)) {
      assertThat(send(server, "GET", "").body()).isEqualTo("{\"paused\":false,\"rate\":1.0}");
      assertThat(send(server, "POST", "/pause").body()).contains("\"paused\":true");
      assertThat(control.state().paused()).isTrue();
      assertThat(send(server, "POST", "/resume").body()).contains("\"paused\":false");
      assertThat(send(server, "POST", "/step").body()).contains("\"paused\":true");
      assertThat(send(server, "POST", "/rate?value=0.5").body()).contains("\"rate\":0.5");
      assertThat(control.state().rate()).isEqualTo(0.5);
      HttpResponse<String> refused = send(server, "POST", "/rate?value=-1");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("A rate is positive");
      assertThat(send(server, "GET", "/pause").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void aForeignPageCannotWorkIt() throws Exception {
    PlaybackControl control = new PlaybackControl(1, false, System::nanoTime);
    try (DashboardServer server = DashboardServer.start(DashboardConfig.fixed(0), sink, control)) {
      HttpRequest request =
          HttpRequest.newBuilder(server.address().resolve("/api/playback/pause"))
              .header("Origin", "http://example.org")
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
      assertThat(control.state().paused()).isFalse();
    }
  }

  @Test
  void whereNothingIsPlayedThereIsNoSuchAddress() throws Exception {
    try (DashboardServer server = DashboardServer.start(DashboardConfig.fixed(0), sink)) {
      assertThat(send(server, "GET", "").statusCode()).isEqualTo(404);
    }
  }

  private HttpResponse<String> send(DashboardServer server, String method, String path)
      throws Exception {
    URI address = server.address().resolve("/api/playback" + path);
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
