package dev.parallax.sim.training;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.sim.training.ViewNeighbours.Linked;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The views of a recording that a network may learn from, and those at its end that it may not: the
 * earlier ones choose how long is learned, the later ones judge what came of it. A view counts only
 * if the picture of a neighbour with parallax shows most of its pixels where their depth says:
 * depth that no parallax confirms teaches nothing.
 */
record ClipLessons(List<Linked> learned, List<Linked> choosing, List<Linked> judging) {
  private static final double LEAST_AGREEMENT = 0.5;
  private static final int FEWEST_LEARNED = 16;
  private static final int FEWEST_HELD_OUT = 4;

  /** Where parallax contradicts the depth of most views, the path is wrong and so is all depth. */
  private static final double LEAST_CONFIRMED = 0.5;

  /** With less than this share of the frames left, chance motions alone have taught something. */
  private static final double LEAST_SHARE = 0.2;

  /**
   * @param progress told after each view
   * @throws TrainingException if the recording does not show enough parallax, saying why
   */
  static ClipLessons of(
      String name,
      MeasuredClip clip,
      PerceptionKernels kernels,
      double heldOutShare,
      IntConsumer progress)
      throws TrainingException {
    List<MeasuredView> all = clip.views();
    int cut = (int) Math.round((1 - heldOutShare) * all.size());
    List<Linked> learned = linked(all.subList(0, cut), kernels, progress);
    List<Linked> heldOut =
        linked(all.subList(cut, all.size()), kernels, done -> progress.accept(cut + done));
    long usable = (long) (learned.size() + heldOut.size()) * clip.every();
    if (learned.size() < FEWEST_LEARNED
        || heldOut.size() < FEWEST_HELD_OUT
        || learned.size() + heldOut.size() < LEAST_CONFIRMED * all.size()
        || usable < LEAST_SHARE * clip.frames()) {
      throw new TrainingException(refusal(name, clip, usable, all.size()));
    }
    int half = heldOut.size() / 2;
    return new ClipLessons(
        learned, heldOut.subList(0, half), heldOut.subList(half, heldOut.size()));
  }

  private static List<Linked> linked(
      List<MeasuredView> views, PerceptionKernels kernels, IntConsumer progress) {
    List<Linked> usable = new ArrayList<>();
    if (!views.isEmpty()) {
      ViewNeighbours neighbours = new ViewNeighbours(kernels, views);
      for (int i = 0; i < views.size(); i++) {
        Linked view = neighbours.linked(i);
        if (view.agreement() >= LEAST_AGREEMENT) {
          usable.add(view);
        }
        progress.accept(i + 1);
      }
    }
    return List.copyOf(usable);
  }

  private static String refusal(String name, MeasuredClip clip, long usable, int views) {
    MeasuredClip.Counts counts = clip.counts();
    return ("%s: too little parallax to learn depth from: of %d frames %d stood still, %d turned on"
            + " the spot, %d had no pose and %d no sure depth, and of the other %d parallax to a"
            + " neighbour confirms the depth of %d; move the camera sideways past what it sees, by"
            + " a tenth of its distance or more, and record at least 60 frames of that")
        .formatted(
            name,
            clip.frames(),
            counts.still,
            counts.turning,
            counts.withoutPose,
            counts.withoutDepth,
            views * clip.every(),
            usable);
  }
}
