package dev.parallax.nodes.ros.playback;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosClockMessage;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.perception.frame.Timestamp;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes the recording's time on {@code /clock}, a hundred times a second, until closed. */
public final class ClockTopic implements AutoCloseable {
  private static final long PERIOD_MS = 10;

  private final PlaybackControl control;
  private final RosPublisher publisher;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "clock");
            thread.setDaemon(true);
            return thread;
          });

  public ClockTopic(RosNode node, PlaybackControl control) {
    this.control = control;
    this.publisher = node.advertise("/clock", RosType.of(Ros1Type.CLOCK), PublishOptions.queue(1));
    var unused = ticker.scheduleAtFixedRate(this::tick, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    control
        .recordedNs()
        .ifPresent(nanos -> publisher.publish(new RosClockMessage(new Timestamp(nanos))));
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    publisher.close();
  }
}
