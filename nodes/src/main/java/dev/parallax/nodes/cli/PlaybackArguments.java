package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.LoopedSource;
import dev.parallax.nodes.runtime.PacedSource;
import dev.parallax.nodes.runtime.PlaybackControl;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which part of a recording is played, and how. */
final class PlaybackArguments {
  private static final double FASTEST = 1e6;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Mixin private PartArguments part = new PartArguments();

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "play like a live camera at R times the recording's speed: the newest frame wins, late"
              + " ones are dropped and counted")
  private @Nullable Double rate;

  @Option(
      names = "--loop",
      description = "start over at the end, with a new model, path and map, until Ctrl-C")
  private boolean loop;

  @Option(
      names = "--pause",
      description =
          "begin paused; on a terminal space plays and pauses, s lets one frame through, + and -"
              + " change the rate, and so do POST /api/playback/{pause,resume,step,rate?value=R}"
              + " of the page")
  private boolean pause;

  @Option(
      names = "--topics",
      paramLabel = "TOPIC",
      split = ",",
      description = "with --publish ros: only these topics (default: all)")
  private @Nullable List<String> topics;

  @Option(names = "--clock", description = "with --publish ros: the recording's time on /clock")
  private boolean clock;

  /**
   * @throws ParameterException if a value makes no sense
   */
  void check() {
    part.check(spec.commandLine());
    require(rate == null || rate > 0 && rate < FASTEST, "--rate must be positive");
  }

  /** Whether frames come when they are due, as from a live camera. */
  boolean isPaced() {
    return rate != null;
  }

  double startS() {
    return part.startS();
  }

  /** May be infinite. */
  double durationS() {
    return part.durationS();
  }

  boolean isLoop() {
    return loop;
  }

  boolean withClock() {
    return clock;
  }

  /** Whether all of it is played, once. */
  boolean isWhole() {
    return part.isWhole() && !loop;
  }

  /**
   * The channels asked for.
   *
   * @throws SourceException if a topic named is not there
   */
  List<BagChannel> chosen(Bag bag) {
    List<String> named = topics;
    for (String topic : named == null ? List.<String>of() : named) {
      if (bag.channels().stream().noneMatch(channel -> channel.topic().equals(topic))) {
        throw new SourceException(
            "%s: has no topic %s; see bag info for those it has".formatted(bag.path(), topic));
      }
    }
    return bag.channels().stream()
        .filter(channel -> named == null || named.contains(channel.topic()))
        .toList();
  }

  /** At the recording's own speed where no rate is given. */
  PlaybackControl realTimeControl() {
    return new PlaybackControl(rate == null ? 1 : rate, pause, System::nanoTime);
  }

  PlaybackControl control() {
    double initial = rate == null ? PlaybackControl.AS_FAST_AS_POSSIBLE : rate;
    return new PlaybackControl(initial, pause, System::nanoTime);
  }

  /**
   * The recording as it is to be played.
   *
   * @param opener opens the whole recording
   * @param nextRound told the sequence number that each round but the first begins with
   */
  FrameSource play(Supplier<FrameSource> opener, PlaybackControl control, LongConsumer nextRound) {
    Supplier<FrameSource> played = () -> part.of(opener.get());
    return new PacedSource(loop ? new LoopedSource(played, nextRound) : played.get(), control);
  }

  void describe(ResolvedConfig config) {
    part.describe(config);
    config.put("rate", rate == null ? "as fast as possible" : rate).put("loop", loop);
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
