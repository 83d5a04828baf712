package dev.parallax.perception.loop;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;
import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.geometry.Sim3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers places along the way and, when one is seen again, finds the correction from odom to
 * map. Odom itself is never touched. Looking and bending happen on a thread of their own; the
 * answer counts a fixed number of frames later, so that it depends on the frames alone; only a live
 * camera, which may not wait, takes it when it is there. Agent thread only.
 */
public final class LoopCloser implements AutoCloseable {
  /** Odometry between neighbouring places: share of the way, radians, log scale. */
  private static final double WAY_STD = 0.01;

  private static final double TURN_STD_RAD = 0.002;
  private static final double SCALE_STD = 0.01;

  /** Between segments nothing but the rough direction is handed on. */
  private static final double SEGMENT_FACTOR = 100;

  private static final double LEAST_WAY_DEPTHS = 0.1;
  private static final int MIN_FEATURES = 50;

  private final LoopConfig config;
  private final PinholeCamera camera;
  private final FeatureKernels kernels;
  private final Consumer<Closure> closures;
  private final PlaceSearch search;
  private final MapCorrection correction = new MapCorrection();
  private final BackgroundJob<Optional<PlaceSearch.Answer>> visit =
      new BackgroundJob<>("parallax-loops");

  private @Nullable Place latest;
  private int framesSincePlace;
  private int segment;

  /**
   * A loop that was closed.
   *
   * @param placesBetween how many places lie within the loop
   * @param inliers matches that agree
   * @param moved how far the camera's place in the map moves by it, in the map's unit
   */
  public record Closure(int placesBetween, int inliers, double moved) {}

  /**
   * @param kernels used on the agent thread, and its matching on the helper's
   * @param closures told of each loop, on the agent thread
   */
  public LoopCloser(
      LoopConfig config, PinholeCamera camera, FeatureKernels kernels, Consumer<Closure> closures) {
    this.config = config;
    this.camera = camera;
    this.kernels = kernels;
    this.closures = closures;
    search = new PlaceSearch(config, camera, kernels);
  }

  /**
   * Takes a frame whose pose is trusted.
   *
   * @param grey {@code [H W 1]} U8, rectified
   * @param depth on the grid of {@code depthCamera}
   * @return T_map_odom at this frame; identity until a first loop is closed
   */
  public Se3 advance(DeviceBuffer grey, DepthMap depth, PinholeCamera depthCamera, Se3 T_odom_cam) {
    if (!config.enabled()) {
      return Se3.identity();
    }
    correction.advance();
    framesSincePlace++;
    if (visit.isPending()
        && framesSincePlace >= config.answerAfterFrames()
        && (config.isPatient() || visit.isDone())) {
      take(visit.take(), T_odom_cam);
    }
    if (!visit.isPending() && isElsewhere(T_odom_cam)) {
      remember(grey, depth, depthCamera, T_odom_cam);
    }
    return correction.T_map_odom(T_odom_cam);
  }

  /** Where a pose that is not trusted lies in the map, as far as is known. */
  public Se3 T_map_odom(Se3 T_odom_cam) {
    return correction.T_map_odom(T_odom_cam);
  }

  /**
   * The unit of length or the origin of odom changes here: poses before say little of those after.
   */
  public void breakSegment() {
    segment++;
    latest = null;
  }

  private boolean isElsewhere(Se3 T_odom_cam) {
    Place last = latest;
    if (last == null) {
      return true;
    }
    Se3 moved = last.T_odom_cam().inverse().times(T_odom_cam);
    double way = moved.distance() / last.typicalDepth();
    return way > config.spacingDepths()
        || way > LEAST_WAY_DEPTHS && moved.angleRad() > config.spacingRad();
  }

  private void remember(
      DeviceBuffer grey, DepthMap depth, PinholeCamera depthCamera, Se3 T_odom_cam) {
    Features features = kernels.detect(grey, config.features());
    float[] points = Place.lift(features, camera, depth, depthCamera);
    double typical = Place.typicalDepth(points);
    if (features.count() < MIN_FEATURES || !(typical > 0)) {
      return; // too little to be recognised by; the next frame may show more
    }
    Place place = new Place(search.nextIndex(), segment, T_odom_cam, features, points, typical);
    latest = place;
    framesSincePlace = 0;
    visit.begin(() -> search.visit(place));
  }

  private void take(Optional<PlaceSearch.Answer> answer, Se3 T_odom_cam) {
    if (answer.isEmpty()) {
      return;
    }
    Se3 before = correction.T_map_odom(T_odom_cam).times(T_odom_cam);
    correction.aimAt(answer.get().S_map_odom(), T_odom_cam);
    Sim3 after = answer.get().S_map_odom().times(Sim3.of(T_odom_cam));
    closures.accept(
        new Closure(
            answer.get().placesBetween(),
            answer.get().inliers(),
            before.inverse().times(after.T_a_b()).distance()));
  }

  @Override
  public void close() {
    visit.close();
  }

  /** The places, the graph and who looks for loops in them. Helper thread only, but nextIndex. */
  private static final class PlaceSearch {
    private final LoopConfig config;
    private final PlaceMatcher matcher;
    private final PlaceIndex index = new PlaceIndex();
    private final List<Place> places = new ArrayList<>();
    private final PoseGraph graph = new PoseGraph();
    private int handedOut;
    private PlaceMatcher.@Nullable Link unconfirmed;

    /** A bent graph: the correction for the place just visited. */
    record Answer(Sim3 S_map_odom, int placesBetween, int inliers) {}

    PlaceSearch(LoopConfig config, PinholeCamera camera, FeatureKernels kernels) {
      this.config = config;
      matcher = new PlaceMatcher(kernels, camera, config);
    }

    /** Called on the agent thread, before the place is handed over. */
    int nextIndex() {
      return handedOut++;
    }

    Optional<Answer> visit(Place place) {
      append(place);
      Optional<PlaceMatcher.Link> link = seek(place);
      index.add(place.index(), place.features());
      if (link.isEmpty()) {
        unconfirmed = null;
        return Optional.empty();
      }
      PlaceMatcher.Link earlier = unconfirmed;
      unconfirmed = link.get();
      if (earlier == null || !confirms(earlier, link.get())) {
        return Optional.empty(); // one likeness may be chance: the next place must say the same
      }
      graph.add(edge(earlier));
      graph.add(edge(link.get()));
      unconfirmed = null;
      if (graph.agrees(edge(earlier)) && graph.agrees(edge(link.get()))) {
        return Optional.empty(); // the graph says so already; bending it again costs much
      }
      graph.optimise();
      Sim3 S_map_place = graph.pose(place.index());
      return Optional.of(
          new Answer(
              S_map_place.times(Sim3.of(place.T_odom_cam()).inverse()),
              place.index() - link.get().from(),
              link.get().inliers()));
    }

    private void append(Place place) {
      if (places.isEmpty()) {
        graph.add(Sim3.of(place.T_odom_cam()));
      } else {
        Place last = places.get(places.size() - 1);
        Sim3 Z = Sim3.of(last.T_odom_cam().inverse().times(place.T_odom_cam()));
        graph.add(graph.pose(last.index()).times(Z));
        double factor = last.segment() == place.segment() ? 1 : SEGMENT_FACTOR;
        double way = factor * (WAY_STD * Z.T_a_b().distance() + 0.002 * place.typicalDepth());
        double turn = Math.min(0.5, factor * (TURN_STD_RAD + 0.01 * Z.T_a_b().angleRad()));
        graph.add(
            new PoseGraph.Edge(
                last.index(), place.index(), Z, std(way, turn, factor * SCALE_STD), false));
      }
      places.add(place);
    }

    private Optional<PlaceMatcher.Link> seek(Place place) {
      int below = place.index() - config.recentPlaces();
      PlaceMatcher.Link best = null;
      for (int candidate : index.query(place.features(), below, config.candidates())) {
        Optional<PlaceMatcher.Link> link = matcher.link(places.get(candidate), place);
        if (link.isPresent() && (best == null || link.get().inliers() > best.inliers())) {
          best = link.get();
        }
      }
      return Optional.ofNullable(best);
    }

    /** Whether two links would put the newer place at the same spot, within what links err by. */
    private boolean confirms(PlaceMatcher.Link earlier, PlaceMatcher.Link later) {
      Sim3 byEarlier = corrected(earlier);
      Sim3 byLater = corrected(later);
      double[] apart = byEarlier.inverse().times(byLater).chart();
      double depth = places.get(later.to()).typicalDepth() * byLater.scale();
      return Math.hypot(Math.hypot(apart[0], apart[1]), apart[2])
              < 0.3 * depth / Math.max(1e-9, byEarlier.scale())
          && Math.hypot(Math.hypot(apart[3], apart[4]), apart[5]) < Math.toRadians(5)
          && Math.abs(apart[6]) < 0.2;
    }

    /** Where the newest place lies in the map if a link is right. */
    private Sim3 corrected(PlaceMatcher.Link link) {
      Place to = places.get(link.to());
      Place newest = places.get(places.size() - 1);
      Sim3 onwards = Sim3.of(to.T_odom_cam().inverse().times(newest.T_odom_cam()));
      return graph.pose(link.from()).times(link.S_from_to()).times(onwards);
    }

    private PoseGraph.Edge edge(PlaceMatcher.Link link) {
      double depth = places.get(link.from()).typicalDepth();
      return new PoseGraph.Edge(
          link.from(),
          link.to(),
          link.S_from_to(),
          std(0.03 * depth, Math.toRadians(0.5), 0.05),
          true);
    }

    private static double[] std(double way, double turn, double scale) {
      return new double[] {way, way, way, turn, turn, turn, scale};
    }
  }
}
