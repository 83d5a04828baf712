package dev.parallax.nodes.web;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** What the page says in words and numbers, for scripts. */
@Controller("/api")
@Requires(beans = DashboardFeed.class)
class StatusController {
  private final DashboardFeed feed;

  StatusController(DashboardFeed feed) {
    this.feed = feed;
  }

  @Get("/status")
  DashboardStatus status() {
    return feed.status();
  }
}
