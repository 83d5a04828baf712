package dev.parallax.perception.loop;

/**
 * When loops are looked for and believed.
 *
 * @param enabled false leaves map and odom the same
 * @param features described points of a place
 * @param spacingDepths how far apart places are remembered, over the typical depth
 * @param spacingRad how far the camera may turn before another place is remembered
 * @param recentPlaces the newest places, which are never looked for: they are near anyway
 * @param candidates how many places that look alike are checked
 * @param minInliers matches that must agree on one similarity
 * @param minInlierShare share of the matches that must agree
 * @param answerAfterFrames how many frames after a place was seen its loop counts at the earliest
 * @param isPatient whether that is also the latest: a replay waits for the answer and is
 *     deterministic, a live camera takes it when it is there
 */
public record LoopConfig(
    boolean enabled,
    int features,
    double spacingDepths,
    double spacingRad,
    int recentPlaces,
    int candidates,
    int minInliers,
    double minInlierShare,
    int answerAfterFrames,
    boolean isPatient) {
  public LoopConfig {
    if (features < 50 || recentPlaces < 1 || candidates < 1 || answerAfterFrames < 1) {
      throw new IllegalArgumentException(
          "At least 50 features, 1 recent place, 1 candidate and 1 frame, got %d, %d, %d and %d"
              .formatted(features, recentPlaces, candidates, answerAfterFrames));
    }
  }

  public static LoopConfig defaults() {
    return new LoopConfig(true, 600, 0.5, Math.toRadians(15), 15, 3, 25, 0.35, 5, true);
  }

  public static LoopConfig off() {
    return defaults().withEnabled(false);
  }

  public LoopConfig withEnabled(boolean newEnabled) {
    return new LoopConfig(
        newEnabled,
        features,
        spacingDepths,
        spacingRad,
        recentPlaces,
        candidates,
        minInliers,
        minInlierShare,
        answerAfterFrames,
        isPatient);
  }

  /** Never waits for an answer. */
  public LoopConfig live() {
    return new LoopConfig(
        enabled,
        features,
        spacingDepths,
        spacingRad,
        recentPlaces,
        candidates,
        minInliers,
        minInlierShare,
        answerAfterFrames,
        false);
  }
}
