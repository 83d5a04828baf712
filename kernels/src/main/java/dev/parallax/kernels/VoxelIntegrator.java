package dev.parallax.kernels;

/**
 * Takes depth pictures into one map. A device that keeps a copy of the map follows it here, so that
 * a map is changed by its integrator, or by its owner who then says so. One thread at a time.
 */
public interface VoxelIntegrator extends AutoCloseable {
  /**
   * Takes one depth picture into the map. When it answers, whatever the kernels were fetching is
   * there, too.
   *
   * @param depthM {@code [height width]} metres along the optical axis, NaN unknown, +Inf sky
   * @param stdM {@code [height width]} one standard deviation, metres, NaN where the depth is not
   *     to be used
   * @param labels {@code [height width]} {@link VoxelKernels#STATIC_LABEL} or something else
   * @return how many blocks changed
   * @throws IllegalArgumentException if an array does not have the view's size, or the view reaches
   *     outside the addressable blocks; the map is then unchanged
   */
  int integrate(VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels);

  /** The same for a picture that is on the device already. */
  int integrate(
      VoxelView view,
      VoxelRules rules,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer labels);

  /**
   * The blocks changed by the last {@link #integrate}, each once, ordered by z, then y, then x.
   *
   * @param xyz receives {@code [n 3]} block coordinates
   */
  void changedBlocks(int[] xyz);

  /**
   * The owner has removed these blocks from the map.
   *
   * @param xyz {@code [n 3]} each once
   */
  void forget(int[] xyz, int n);

  /** The owner has put another map in its place. */
  void reload();

  /** Lets go of the copy. */
  @Override
  void close();
}
