package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.ArrayList;
import java.util.List;

/**
 * Picks moments evenly from a run whose length is not known beforehand: keeps every n-th published
 * frame and doubles n whenever twice as many as wanted are held.
 */
final class MomentSampler {
  private final int wanted;
  private List<Moment> held = new ArrayList<>();
  private long every = 1;
  private long seen;

  MomentSampler(int wanted) {
    this.wanted = wanted;
  }

  void offer(Estimated frame) {
    if (seen++ % every != 0) {
      return;
    }
    held.add(Moment.of(frame));
    if (held.size() == 2 * wanted) {
      held = everyOther(held);
      every *= 2;
    }
  }

  /** At most the wanted number, in the order of time, from the first to the last held. */
  List<Moment> moments() {
    if (held.size() <= wanted) {
      return List.copyOf(held);
    }
    List<Moment> picked = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      picked.add(held.get(Math.round(i * (held.size() - 1) / (wanted - 1f))));
    }
    return picked;
  }

  private static List<Moment> everyOther(List<Moment> moments) {
    List<Moment> kept = new ArrayList<>();
    for (int i = 0; i < moments.size(); i += 2) {
      kept.add(moments.get(i));
    }
    return kept;
  }
}
