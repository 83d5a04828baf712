package dev.parallax.nodes.source;

import dev.parallax.sim.scene.SimulatedSequence;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A simulated drive, drawn frame by frame as it is read. Does not own the sequence. */
public final class SimulatedSource implements FrameSource {
  private final SimulatedSequence sequence;
  private final boolean endless;
  private int next;

  /**
   * @param endless whether the sequence's length only says when it stops for good, and is not to be
   *     shown as a goal
   */
  public SimulatedSource(SimulatedSequence sequence, boolean endless) {
    this.sequence = sequence;
    this.endless = endless;
  }

  @Override
  public String name() {
    return "simulated " + sequence.name();
  }

  @Override
  public OptionalLong frameCount() {
    return endless ? OptionalLong.empty() : OptionalLong.of(sequence.frameCount());
  }

  @Override
  public @Nullable SourceItem next() {
    return next == sequence.frameCount()
        ? null
        : new SourceItem.Frame(sequence.frame(next++).frame());
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  @Override
  public void close() {}
}
