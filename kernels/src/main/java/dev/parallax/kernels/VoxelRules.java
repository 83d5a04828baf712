package dev.parallax.kernels;

/**
 * How a depth picture becomes evidence about voxels.
 *
 * @param voxelSizeM edge of a voxel
 * @param maxRangeM depth beyond which nothing is occupied or carved, along the optical axis
 * @param carveSigmas free space ends this many standard deviations before the measured surface
 * @param maxRelativeStd depth with a larger std/depth says nothing at all
 * @param hit log-odds added to a voxel that holds a measured surface, at full weight
 * @param miss log-odds taken from a voxel that is seen through, at full weight
 * @param min lowest log-odds kept: bounds how long a new obstacle takes to appear
 * @param max highest log-odds kept: bounds how long a vanished one takes to be freed
 * @throws IllegalArgumentException if a value is out of its range; more than 512 voxels of range
 *     are refused because the frustum would not fit in memory
 */
public record VoxelRules(
    double voxelSizeM,
    double maxRangeM,
    double carveSigmas,
    double maxRelativeStd,
    int hit,
    int miss,
    int min,
    int max) {
  private static final int MAX_RANGE_VOXELS = 512;

  public VoxelRules {
    if (!(voxelSizeM > 0) || !(maxRangeM > voxelSizeM) || Double.isInfinite(maxRangeM)) {
      throw new IllegalArgumentException(
          "Voxel size %s m and range %s m: both must be positive, the range the larger"
              .formatted(voxelSizeM, maxRangeM));
    }
    if (maxRangeM / voxelSizeM > MAX_RANGE_VOXELS * (1 + 1e-9)) {
      throw new IllegalArgumentException(
          "A range of %s m is over %d voxels of %s m: take larger voxels or a shorter range"
              .formatted(maxRangeM, MAX_RANGE_VOXELS, voxelSizeM));
    }
    if (!(carveSigmas >= 0) || !(maxRelativeStd > 0)) {
      throw new IllegalArgumentException(
          "carveSigmas %s must not be negative and maxRelativeStd %s must be positive"
              .formatted(carveSigmas, maxRelativeStd));
    }
    boolean stepsFit = hit > 0 && miss > 0 && hit <= max && miss <= -min;
    if (!stepsFit || min <= VoxelKernels.UNOBSERVED || max > Byte.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Log-odds steps +%d -%d do not fit the range %d..%d of a byte"
              .formatted(hit, miss, min, max));
    }
  }

  /**
   * The steps that the map's thresholds are made for: two full hits make a voxel occupied, one full
   * miss makes an unknown one free, and six misses free what was surely occupied.
   */
  public static VoxelRules standard(double voxelSizeM, double maxRangeM) {
    return new VoxelRules(voxelSizeM, maxRangeM, 1, 0.2, 16, 12, -48, 56);
  }
}
