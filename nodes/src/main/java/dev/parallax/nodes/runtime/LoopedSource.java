package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recording over and over. Sequence numbers count on, and each round is later than the one before
 * by the recording's length and one typical frame, so that time never goes back at the seam.
 */
public final class LoopedSource implements FrameSource {
  private final Supplier<FrameSource> opener;
  private final LongConsumer nextRound;
  private FrameSource round;
  private long delivered;
  private long deliveredThisRound;
  private long shiftNs;
  private long earliestNs = Long.MAX_VALUE;
  private long latestNs = Long.MIN_VALUE;

  /**
   * @param opener opens the recording anew for each round
   * @param nextRound told the sequence number of the first frame of each round but the first,
   *     before that frame is delivered
   */
  public LoopedSource(Supplier<FrameSource> opener, LongConsumer nextRound) {
    this.opener = opener;
    this.nextRound = nextRound;
    this.round = opener.get();
  }

  @Override
  public String name() {
    return round.name();
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = round.next();
    if (item == null && deliveredThisRound > 0) {
      startNextRound();
      item = round.next();
    }
    if (item == null) {
      return null; // an empty recording must not loop for ever
    }
    deliveredThisRound++;
    earliestNs = Math.min(earliestNs, item.stamp().nanos());
    latestNs = Math.max(latestNs, item.stamp().nanos());
    return renamed(item, delivered++);
  }

  /** Of this round: the others said the same. */
  @Override
  public List<String> warnings() {
    return new ArrayList<>(round.warnings());
  }

  @Override
  public void close() {
    round.close();
  }

  private void startNextRound() {
    long lengthNs = latestNs - earliestNs;
    long frameNs = Math.max(1, lengthNs / Math.max(1, deliveredThisRound - 1));
    shiftNs += lengthNs + frameNs;
    deliveredThisRound = 0;
    round.close();
    round = opener.get();
    nextRound.accept(delivered);
  }

  private SourceItem renamed(SourceItem item, long sequence) {
    FrameId id = new FrameId(item.id().camera(), sequence);
    Timestamp stamp = new Timestamp(item.stamp().nanos() + shiftNs);
    if (item instanceof SourceItem.Frame f) {
      CameraFrame c = f.frame();
      return new SourceItem.Frame(
          new CameraFrame(
              id,
              stamp,
              c.calibration(),
              c.picture(),
              c.sensorDepth(),
              c.driven(),
              c.inertial() == null ? null : c.inertial().shiftedBy(shiftNs)),
          f.encoded());
    }
    SourceItem.Refused refused = (SourceItem.Refused) item;
    return new SourceItem.Refused(id, stamp, refused.reason());
  }
}
