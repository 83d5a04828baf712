package dev.parallax.nodes.fleet;

import dev.parallax.nodes.runtime.Health;
import dev.parallax.nodes.runtime.Metric;
import dev.parallax.nodes.runtime.Observed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What many nodes publish, in bounded memory: a card a camera and group of nodes, and for each
 * camera of a group that has a shadow how the two differ. Thread-safe.
 */
public final class FleetBoard implements Observed {
  /** More cameras than a page can show; those that came last are not taken. */
  private static final int MOST_CAMERAS = 4096;

  private final FleetConfig config;
  private final LongSupplier nanoClock;
  private final Map<Place, WatchedCamera> cameras = new TreeMap<>();
  private final Map<Place, ShadowComparison> comparisons = new TreeMap<>();
  private @Nullable String trouble = "nothing was read yet";
  private long unreadable;

  private record Place(String namespace, String camera) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byCamera = camera.compareTo(other.camera);
      return byCamera != 0 ? byCamera : namespace.compareTo(other.namespace);
    }
  }

  /**
   * All there is to show.
   *
   * @param broker where it comes from
   * @param trouble why nothing new comes; null where it does
   * @param unreadable results that are no results
   */
  public record View(
      String broker,
      @Nullable String trouble,
      long unreadable,
      List<CameraCard> cameras,
      List<ShadowFigures> shadows) {}

  /**
   * @param nanoClock a clock that only goes forward, nanoseconds
   */
  public FleetBoard(FleetConfig config, LongSupplier nanoClock) {
    this.config = config;
    this.nanoClock = nanoClock;
  }

  /** Takes what became of a frame. */
  public synchronized void add(SeenFrame frame) {
    WatchedCamera camera = camera(frame.namespace(), frame.camera());
    if (camera == null) {
      return;
    }
    camera.add(frame, nanoClock.getAsLong());
    String shadow = config.shadow();
    if (shadow != null
        && (frame.namespace().equals(shadow) || frame.namespace().equals(config.first()))) {
      comparisons
          .computeIfAbsent(
              new Place(config.first(), frame.camera()),
              p -> new ShadowComparison(p.namespace, shadow, p.camera))
          .add(frame);
    }
  }

  /** Takes a depth for the picture on a camera's card. */
  public synchronized void show(String namespace, String camera, DepthThumbnail depth) {
    WatchedCamera watched = cameras.get(new Place(namespace, camera));
    if (watched != null) {
      watched.show(depth);
    }
  }

  /** A record that is no result. */
  public synchronized void unreadable() {
    unreadable++;
  }

  /**
   * @param why nothing new comes; null once it does again
   */
  public synchronized void trouble(@Nullable String why) {
    trouble = why;
  }

  public synchronized View view() {
    long now = nanoClock.getAsLong();
    List<CameraCard> cards =
        cameras.values().stream().map(c -> c.card(now)).filter(Objects::nonNull).toList();
    return new View(
        config.broker(),
        trouble,
        unreadable,
        cards,
        comparisons.values().stream().map(ShadowComparison::figures).toList());
  }

  /** The latest depth of a camera that was read; null where there is none. */
  public synchronized @Nullable DepthThumbnail depth(String namespace, String camera) {
    WatchedCamera watched = cameras.get(new Place(namespace, camera));
    return watched == null ? null : watched.depth();
  }

  private @Nullable WatchedCamera camera(String namespace, String camera) {
    Place place = new Place(namespace, camera);
    WatchedCamera known = cameras.get(place);
    if (known == null && cameras.size() < MOST_CAMERAS) {
      known = new WatchedCamera(namespace, camera);
      cameras.put(place, known);
    }
    return known;
  }

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public Health health() {
    View view = view();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cameras", view.cameras.size());
    if (view.trouble != null) {
      details.put("trouble", view.trouble);
    }
    return new Health(view.trouble == null, details);
  }

  @Override
  public List<Metric> metrics() {
    View view = view();
    List<Metric> all = new ArrayList<>();
    view.cameras.forEach(card -> all.addAll(FleetMetrics.of(card)));
    view.shadows.forEach(figures -> all.addAll(FleetMetrics.of(figures)));
    return all;
  }
}
