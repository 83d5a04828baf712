package dev.parallax.nodes.cli;

import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.playback.BagPlayer;
import dev.parallax.nodes.ros.playback.ClockTopic;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays a recording's own messages into ROS, as {@code rosbag play} does. */
final class RosPlayRun {
  /** Subscribers need a moment to find a new topic. */
  private static final long SETTLE_MS = 500;

  private static final long PATIENCE_S = 10;

  private final Path input;
  private final PlaybackArguments playback;
  private final PlaybackControl control;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  RosPlayRun(Path input, PlaybackArguments playback, PlaybackControl control) {
    this.input = input;
    this.playback = playback;
    this.control = control;
  }

  /**
   * @return the exit status
   */
  int run(RosNode node, PrintWriter out) {
    Thread hook = new Thread(this::stop, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Bag bag = Bags.open(input)) {
      List<BagChannel> channels = playback.chosen(bag);
      OptionalLong total =
          playback.isWhole() && channels.size() == bag.channels().size()
              ? OptionalLong.of(bag.summary().messageCount())
              : OptionalLong.empty();
      try (ProgressBar bar = ProgressBar.onStandardError("play", "messages", total);
          BagPlayer player = new BagPlayer(bag, channels, node);
          ClockTopic clock = playback.withClock() ? new ClockTopic(node, control) : null;
          Terminal terminal = Terminal.open();
          PlaybackKeys keys = PlaybackKeys.on(terminal, control, bar::println)) {
        Thread.sleep(SETTLE_MS);
        long published = play(player, bar);
        bag.warnings().forEach(bar::println);
        out.printf(
            "played   %d messages of %d topics into ROS; slow subscribers missed %d%n",
            published,
            channels.stream().map(BagChannel::topic).distinct().count(),
            player.dropped());
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
      if (!stopping) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
    return ExitStatus.OK;
  }

  private long play(BagPlayer player, ProgressBar bar) throws InterruptedException {
    long published = 0;
    do {
      long before = published;
      control.beginAnew();
      published +=
          player.play(
              playback.startS(),
              playback.durationS(),
              control,
              inRound -> bar.update(before + inRound),
              () -> stopping);
    } while (playback.isLoop() && !stopping && published > 0);
    return published;
  }

  private void stop() {
    stopping = true;
    control.release();
    try {
      if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
        System.err.println("parallax: gave up waiting for the playback to end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
