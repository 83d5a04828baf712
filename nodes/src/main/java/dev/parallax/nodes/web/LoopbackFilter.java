package dev.parallax.nodes.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets only pages of this machine talk to the dashboard. Listening on loopback is not enough: a
 * page from elsewhere, open in a local browser, could reach it by a name that resolves to 127.0.0.1
 * (DNS rebinding), or open the WebSocket, which no same-origin rule guards.
 */
@ServerFilter("/**")
class LoopbackFilter {
  private static final Set<String> LOOPBACK_HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Refuses, or returns null to let the request through. */
  @RequestFilter
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    String host = request.getHeaders().get(HttpHeaders.HOST);
    if (!isLoopback("http://" + host)) {
      return refusal("This dashboard answers only to 127.0.0.1 and localhost, not to Host " + host);
    }
    String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
    if (origin != null && !origin.equals("http://" + host)) {
      return refusal("This dashboard answers only to its own page, not to Origin " + origin);
    }
    return null;
  }

  @ResponseFilter
  void harden(MutableHttpResponse<?> response) {
    response.header("Content-Security-Policy", POLICY);
    response.header("X-Content-Type-Options", "nosniff");
    response.header("Cache-Control", "no-cache");
  }

  private static boolean isLoopback(String url) {
    try {
      String host = new URI(url).getHost();
      return host != null && LOOPBACK_HOSTS.contains(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static HttpResponse<String> refusal(String why) {
    return HttpResponse.<String>status(HttpStatus.FORBIDDEN).body(why);
  }
}
