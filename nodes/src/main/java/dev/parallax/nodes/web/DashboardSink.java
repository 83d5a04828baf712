package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.util.function.LongSupplier;

/**
 * Takes outcomes for the dashboard. Only remembers them; encoding is the feed's, on its own thread
 * and only while somebody watches.
 *
 * <p>Closing it tells the page that the source has ended; the page stays up until its {@link
 * DashboardServer} is closed.
 */
public final class DashboardSink implements OutcomeSink {
  private final DashboardState state;
  private final DashboardFeed feed;

  /**
   * @param source what is being watched, shown in the page's title
   * @param nanoClock a clock that only goes forward, nanoseconds
   */
  public DashboardSink(String source, LongSupplier nanoClock) {
    state = new DashboardState(source, nanoClock);
    feed = new DashboardFeed(state);
  }

  @Override
  public String name() {
    return "dashboard";
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    state.add(item, outcome);
    feed.wake();
  }

  @Override
  public void beginAnew() {
    state.beginAnew();
  }

  @Override
  public void accept(Notice notice) {
    state.add(notice);
  }

  @Override
  public void close() {
    state.end();
    feed.wake();
  }

  DashboardFeed feed() {
    return feed;
  }
}
