package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;

/**
 * Sums over points for the pose on the GPU: {@code pose.cu}. In double, the same in every run. Not
 * behind {@code PerceptionKernels} yet, whose caller solves for the pose on the host.
 */
final class CudaPoseSums implements AutoCloseable {
  /** What {@link #equations} answers: 21 of the matrix, 6 of the vector, the cost, the count. */
  static final int EQUATION_SUMS = 29;

  private static final int CENTROID_SUMS = 7;
  private static final int MOMENT_SUMS = 11;
  private static final int BLOCKS = 128;
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final CudaFunction sumPoints;
  private final CudaFunction rigidMoments;
  private final CudaFunction poseEquations;
  private final CudaFunction addBlockSums;
  private final Scratch partial = new Scratch();
  private final Scratch total = new Scratch();

  CudaPoseSums(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    sumPoints = device.function("sum_points");
    rigidMoments = device.function("rigid_moments");
    poseEquations = device.function("pose_equations");
    addBlockSums = device.function("add_block_sums");
  }

  /**
   * The moments of the weighted rigid fit of p to q.
   *
   * @param p {@code [n 3]}
   * @param q {@code [n 3]}
   * @param weights {@code [n]}
   * @return {@code [18]} weight, centroid of p, centroid of q, correlation {@code [3 3]} of q with
   *     p, weighted squares of p and of q about their centroids; NaN centroids if nothing weighs
   */
  double[] rigidMoments(DeviceBuffer p, DeviceBuffer q, DeviceBuffer weights, int points) {
    stream.bind();
    CudaBuffer sums = partial.longs(BLOCKS * MOMENT_SUMS);
    stream
        .launch(sumPoints)
        .with(p)
        .with(q)
        .with(weights)
        .with(points)
        .with(sums)
        .blocks(BLOCKS, 1, THREADS);
    double[] first = finish(sums, CENTROID_SUMS);
    double[] centre = new double[6];
    for (int k = 0; k < 6; k++) {
      centre[k] = first[1 + k] / first[0];
    }
    stream
        .launch(rigidMoments)
        .with(p)
        .with(q)
        .with(weights)
        .with(points)
        .with(centre)
        .with(sums)
        .blocks(BLOCKS, 1, THREADS);
    double[] second = finish(sums, MOMENT_SUMS);
    double[] moments = new double[1 + centre.length + second.length];
    moments[0] = first[0];
    System.arraycopy(centre, 0, moments, 1, centre.length);
    System.arraycopy(second, 0, moments, 1 + centre.length, second.length);
    return moments;
  }

  /**
   * The normal equations of one step.
   *
   * @param rays {@code [n 2]} viewing rays x/z, y/z
   * @param inverseDepth {@code [n]}
   * @param observed {@code [n 2]} pixels
   * @param weights {@code [n]}
   * @param pose {@code [16]} a 3x4 motion row by row, then fx, fy, cx, cy
   * @param scalePx where the Geman-McClure weight has fallen to a quarter
   * @return {@code [29]}, see {@link #EQUATION_SUMS}
   */
  double[] equations(
      DeviceBuffer rays,
      DeviceBuffer inverseDepth,
      DeviceBuffer observed,
      DeviceBuffer weights,
      int points,
      double[] pose,
      double scalePx) {
    stream.bind();
    CudaBuffer sums = partial.longs(BLOCKS * EQUATION_SUMS);
    stream
        .launch(poseEquations)
        .with(rays)
        .with(inverseDepth)
        .with(observed)
        .with(weights)
        .with(points)
        .with(pose)
        .with(scalePx)
        .with(sums)
        .blocks(BLOCKS, 1, THREADS);
    return finish(sums, EQUATION_SUMS);
  }

  private double[] finish(CudaBuffer sums, int count) {
    CudaBuffer whole = total.longs(EQUATION_SUMS);
    stream.launch(addBlockSums).with(sums).with(BLOCKS).with(count).with(whole).over(count);
    long[] bits = new long[EQUATION_SUMS];
    stream.download(whole, bits);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    return values;
  }

  @Override
  public void close() {
    partial.close();
    total.close();
  }
}
