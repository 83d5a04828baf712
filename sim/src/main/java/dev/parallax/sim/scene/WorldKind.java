package dev.parallax.sim.scene;

/** The kinds of place that {@link TrainingViews} makes up, and how often each comes. */
public enum WorldKind {
  /** A furnished room, often with clutter on the furniture and people. */
  ROOM(5),
  /** A desk, counter or table with small things on it, seen from near. */
  TABLETOP(4),
  CORRIDOR(2),
  WAREHOUSE(2),
  STREET(4),
  /** Trees or bushes on open ground. */
  NATURE(2),
  /** Solids of all sizes at any place, so that no layout is taken for granted. */
  CLUTTER(1);

  private final int share;

  WorldKind(int share) {
    this.share = share;
  }

  /**
   * The kind at a place of the line on which each kind is as long as its share.
   *
   * @param place in [0, 1)
   */
  static WorldKind at(double place) {
    int total = 0;
    for (WorldKind kind : values()) {
      total += kind.share;
    }
    double left = place * total;
    for (WorldKind kind : values()) {
      left -= kind.share;
      if (left < 0) {
        return kind;
      }
    }
    return CLUTTER;
  }
}
