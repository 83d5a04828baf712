package dev.parallax.sim.eval.map;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapperConfig;
import dev.parallax.perception.mapping.OccupancyMapper;
import dev.parallax.sim.eval.Estimates;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.depth.TruthSampler;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryAssociation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the map that a run's depth and poses make against the one that true depth and poses make,
 * both by the product's mapper, in the true world and on one grid. The run's map is made again from
 * the depth it left, since its own lies in its own world.
 */
public final class MapEvaluation {
  private static final String GROUP = "map";

  /** Beyond this median depth a scene is a street, and mapped as one. */
  private static final double INDOORS_MEDIAN_M = 5;

  private final Estimates estimates;
  private final GroundTruth truth;
  private final PinholeCamera truthCamera;
  private final WorldAlignment alignment;
  private final Map<Long, Se3> estimatedPoses = new HashMap<>();
  private final Map<Long, Se3> truePoses = new HashMap<>();

  private MapEvaluation(
      Estimates estimates,
      GroundTruth truth,
      PinholeCamera truthCamera,
      WorldAlignment alignment,
      TrajectoryAssociation association) {
    this.estimates = estimates;
    this.truth = truth;
    this.truthCamera = truthCamera;
    this.alignment = alignment;
    for (StampedPose pose : estimates.poses()) {
      estimatedPoses.put(pose.stamp().nanos(), pose.T_world_cam());
    }
    List<StampedPose> frames =
        truth.frameStamps().stream().map(t -> new StampedPose(t, Se3.identity())).toList();
    for (PosePair pair : association.associate(frames, truth.poses())) {
      truePoses.put(pair.stamp().nanos(), pair.T_world_cam());
    }
  }

  /**
   * @param clipScale metres in the run's unit of length, used where its lengths are relative; NaN
   *     where it is not known
   * @param kernels lent for the call
   */
  public static void judge(
      Estimates estimates,
      GroundTruth truth,
      double clipScale,
      VoxelKernels kernels,
      EvalReport.Builder report) {
    PinholeCamera camera = truth.camera();
    if (camera == null || truth.poses().isEmpty() || truth.frameStamps().size() < 2) {
      report.missing(GROUP, "the recording has no true depth with true poses");
      return;
    }
    TrajectoryAssociation association = new TrajectoryAssociation(truth.frameStamps());
    List<PosePair> pairs = association.associate(estimates.poses(), truth.poses());
    double scale = estimates.isMetric() ? 1 : clipScale;
    if (pairs.isEmpty() || estimates.depthStamps().isEmpty() || Double.isNaN(scale)) {
      report.missing(GROUP, "the run left no depth with poses that have a true one");
      return;
    }
    new MapEvaluation(estimates, truth, camera, WorldAlignment.of(pairs, scale), association)
        .judge(kernels, report);
  }

  private void judge(VoxelKernels kernels, EvalReport.Builder report) {
    Optional<MapperConfig> config = config();
    if (config.isEmpty()) {
      report.missing(GROUP, "no frame has a true depth");
      return;
    }
    OccupancyMapper trueMap = new OccupancyMapper(kernels, config.get());
    OccupancyMapper estimatedMap = new OccupancyMapper(kernels, config.get());
    for (Timestamp stamp : truth.frameStamps()) {
      addTruth(trueMap, stamp);
      addEstimate(estimatedMap, stamp);
    }
    MapOverlap overlap = MapOverlap.of(estimatedMap.map(), trueMap.map());
    List<Se3> path = new ArrayList<>();
    truth.poses().forEach(pose -> path.add(pose.T_world_cam()));
    PathClearance clearance = PathClearance.of(estimatedMap.map(), path);
    report
        .add(
            GROUP,
            "occupied IoU",
            overlap.occupiedIou(),
            "1",
            note(
                "voxels of %.2f m: %d occupied, %d in truth; scale %s",
                config.get().voxelSizeM(),
                overlap.occupiedEstimate(),
                overlap.occupiedTrue(),
                estimates.isMetric() ? "as published" : "the clip's median of depth"))
        .add(GROUP, "free IoU", overlap.freeIou(), "1", "")
        .add(
            GROUP,
            "true path marked occupied",
            100 * clearance.share(),
            "%",
            note("%d of %d voxels; must be 0", clearance.occupied(), clearance.voxels()));
  }

  private void addTruth(OccupancyMapper mapper, Timestamp stamp) {
    Se3 T_world_cam = truePoses.get(stamp.nanos());
    DepthMap depth = T_world_cam == null ? null : truth.depth(stamp);
    if (T_world_cam != null && depth != null) {
      float[] exact = new float[depth.depthM().length];
      mapper.integrate(
          truthCamera,
          depth.depthM(),
          exact,
          labels(truth.movingMask(stamp), exact.length),
          T_world_cam);
    }
  }

  private void addEstimate(OccupancyMapper mapper, Timestamp stamp) {
    Se3 T_odom_cam = estimatedPoses.get(stamp.nanos());
    DepthMap depth = T_odom_cam == null ? null : estimates.depth(stamp);
    if (T_odom_cam == null || depth == null) {
      return;
    }
    PinholeCamera camera =
        TruthSampler.between(truthCamera, estimates.depthCamera(), depth.width(), depth.height())
            .grid();
    mapper.integrate(
        camera,
        scaled(depth.depthM()),
        scaled(depth.stdM()),
        labels(estimates.movingMask(stamp), depth.depthM().length),
        alignment.camera(T_odom_cam));
  }

  private float[] scaled(float[] values) {
    float[] metres = new float[values.length];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = (float) (values[i] * alignment.scale());
    }
    return metres;
  }

  /** Without a mask everything is taken to rest. */
  private static byte[] labels(@Nullable MovingMask mask, int pixels) {
    return mask == null ? new byte[pixels] : mask.labels();
  }

  /** Rooms at 5 cm, streets at 20 cm, by the median depth of the first picture that has one. */
  private Optional<MapperConfig> config() {
    for (Timestamp stamp : truth.frameStamps()) {
      DepthMap depth = truth.depth(stamp);
      float[] known = depth == null ? new float[0] : known(depth.depthM());
      if (known.length > 0) {
        Arrays.sort(known);
        boolean indoors = known[known.length / 2] <= INDOORS_MEDIAN_M;
        return Optional.of(indoors ? MapperConfig.forIndoors() : MapperConfig.forOutdoors());
      }
    }
    return Optional.empty();
  }

  private static float[] known(float[] depthM) {
    float[] known = new float[depthM.length];
    int n = 0;
    for (float d : depthM) {
      if (d > 0 && d < Float.POSITIVE_INFINITY) {
        known[n++] = d;
      }
    }
    return Arrays.copyOf(known, n);
  }

  private static String note(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
