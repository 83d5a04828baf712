package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_video;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_core.TermCriteria;
import org.bytedeco.opencv.opencv_video.DISOpticalFlow;

/** Flow through OpenCV's DIS and pyramidal Lucas-Kanade. */
final class CpuFlowKernels implements FlowKernels, AutoCloseable {
  private static final int TRACK_WINDOW_PX = 11;
  private static final int TRACK_ITERATIONS = 12;
  private static final double TRACK_EPSILON_PX = 0.005;
  private static final double TRACK_MIN_EIGENVALUE = 1e-5;

  private final ExecutorService executor;
  private final int threads;
  private final FlowFields fields;

  /**
   * One instance for each place in a list of requests. OpenCV's DIS keeps scratch memory that shows
   * in its next answer, so which instance answers must not depend on which was done first.
   */
  private final List<Dis> byPlace = new ArrayList<>();

  private final Mat from = new Mat();
  private final Mat to = new Mat();
  private final Mat fromPoints = new Mat();
  private final Mat toPoints = new Mat();
  private final Mat status = new Mat();
  private final Mat errors = new Mat();
  private final TermCriteria criteria =
      new TermCriteria(TermCriteria.COUNT + TermCriteria.EPS, TRACK_ITERATIONS, TRACK_EPSILON_PX);

  /**
   * @param threads one to work on the calling thread alone
   */
  CpuFlowKernels(ExecutorService executor, int threads) {
    this.executor = executor;
    this.threads = threads;
    fields = new FlowFields(new RowWorkers(executor, threads));
  }

  @Override
  public void dense(List<Request> requests) {
    if (requests.isEmpty()) {
      return;
    }
    while (byPlace.size() < requests.size()) {
      byPlace.add(new Dis());
    }
    int onHelpers = threads == 1 ? 0 : requests.size() - 1;
    List<Future<?>> running = new ArrayList<>();
    for (int i = requests.size() - onHelpers; i < requests.size(); i++) {
      Dis dis = byPlace.get(i);
      Request request = requests.get(i);
      running.add(executor.submit(() -> dis.run(request)));
    }
    try {
      for (int i = 0; i < requests.size() - onHelpers; i++) {
        byPlace.get(i).run(requests.get(i));
      }
    } finally {
      RowWorkers.awaitAll(running);
    }
  }

  @Override
  public void track(
      DeviceBuffer fromGrey,
      DeviceBuffer toGrey,
      int n,
      float[] fromUv,
      float[] toUv,
      float[] error) {
    if (n == 0) {
      return;
    }
    MatBuffers.fill(from, fromGrey);
    MatBuffers.fill(to, toGrey);
    fromPoints.create(n, 1, opencv_core.CV_32FC2);
    toPoints.create(n, 1, opencv_core.CV_32FC2);
    new FloatPointer(fromPoints.data()).put(fromUv, 0, 2 * n);
    new FloatPointer(toPoints.data()).put(toUv, 0, 2 * n);
    try (Size window = new Size(TRACK_WINDOW_PX, TRACK_WINDOW_PX)) {
      opencv_video.calcOpticalFlowPyrLK(
          from,
          to,
          fromPoints,
          toPoints,
          status,
          errors,
          window,
          0,
          criteria,
          opencv_video.OPTFLOW_USE_INITIAL_FLOW,
          TRACK_MIN_EIGENVALUE);
    }
    new FloatPointer(toPoints.data()).get(toUv, 0, 2 * n);
    new FloatPointer(errors.data()).get(error, 0, n);
    BytePointer ok = new BytePointer(status.data());
    for (int i = 0; i < n; i++) {
      if (ok.get(i) == 0) {
        error[i] = Float.NaN;
      }
    }
  }

  @Override
  public void compose(DeviceBuffer first, DeviceBuffer second, DeviceBuffer out) {
    fields.compose(first, second, out);
  }

  @Override
  public void inconsistency(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer out) {
    fields.inconsistency(backward, forward, out);
  }

  @Override
  public void follow(
      DeviceBuffer fromGrey,
      DeviceBuffer toGrey,
      DeviceBuffer flow,
      int n,
      float[] fromUv,
      float[] beforeUv,
      float[] predictedUv,
      float[] toUv,
      float[] error) {
    lead(flow, toGrey.shape().width() / flow.shape().width(), n, beforeUv, predictedUv);
    System.arraycopy(predictedUv, 0, toUv, 0, 2 * n);
    track(fromGrey, toGrey, n, fromUv, toUv, error);
  }

  /** Where a flow leads points: bilinear samples, clamped to the grid. */
  private static void lead(DeviceBuffer flow, int stride, int n, float[] uv, float[] out) {
    int w = flow.shape().width();
    int h = flow.shape().height();
    float[] f = HostBuffer.floats(flow);
    for (int i = 0; i < 2 * n; i += 2) {
      float x = Math.min(Math.max((uv[i] + 0.5f) / stride - 0.5f, 0), w - 1.001f);
      float y = Math.min(Math.max((uv[i + 1] + 0.5f) / stride - 0.5f, 0), h - 1.001f);
      int x0 = (int) x;
      int y0 = (int) y;
      float fx = x - x0;
      float fy = y - y0;
      int j = 2 * (y0 * w + x0);
      int k = j + 2 * w;
      float w00 = (1 - fx) * (1 - fy);
      float w10 = fx * (1 - fy);
      float w01 = (1 - fx) * fy;
      float w11 = fx * fy;
      float du = w00 * f[j] + w10 * f[j + 2] + w01 * f[k] + w11 * f[k + 2];
      float dv = w00 * f[j + 1] + w10 * f[j + 3] + w01 * f[k + 1] + w11 * f[k + 3];
      out[i] = uv[i] + stride * du;
      out[i + 1] = uv[i + 1] + stride * dv;
    }
  }

  @Override
  public void copy(DeviceBuffer flow, DeviceBuffer target) {
    float[] f = HostBuffer.floats(flow);
    System.arraycopy(f, 0, HostBuffer.floats(target), 0, f.length);
  }

  @Override
  public void invert(DeviceBuffer flow, DeviceBuffer inverse) {
    fields.invert(flow, inverse);
  }

  @Override
  public void close() {
    byPlace.forEach(Dis::close);
    byPlace.clear();
    from.close();
    to.close();
    fromPoints.close();
    toPoints.close();
    status.close();
    errors.close();
    criteria.close();
  }

  /** One DIS instance with its matrices: its scratch memory serves one thread at a time. */
  private static final class Dis implements AutoCloseable {
    private final DISOpticalFlow dis = DISOpticalFlow.create(DISOpticalFlow.PRESET_FAST);
    private final Mat whole = new Mat();
    private final Mat from = new Mat();
    private final Mat to = new Mat();
    private final Mat flow = new Mat();

    void run(Request request) {
      Shape grid = request.flow().shape();
      fill(from, request.from(), grid, request.stride());
      fill(to, request.to(), grid, request.stride());
      tune(request.start(), 31 - Integer.numberOfLeadingZeros(request.stride()));
      // Without a first guess DIS would start from what it kept of an earlier call: give it zeros.
      if (!request.startFromFlow()) {
        Arrays.fill(HostBuffer.floats(request.flow()), 0);
      }
      MatBuffers.fill(flow, request.flow());
      dis.calc(from, to, flow);
      MatBuffers.read(flow, request.flow());
    }

    /** The picture, reduced to the grid that flow is wanted on. */
    private void fill(Mat reduced, DeviceBuffer picture, Shape grid, int stride) {
      if (stride == 1) {
        MatBuffers.fill(reduced, picture);
        return;
      }
      MatBuffers.fill(whole, picture);
      // What is left over at the right and bottom edge lies in no grid pixel.
      try (Rect covered = new Rect(0, 0, grid.width() * stride, grid.height() * stride);
          Mat inside = new Mat(whole, covered);
          Size size = new Size(grid.width(), grid.height())) {
        opencv_imgproc.resize(inside, reduced, size, 0, 0, opencv_imgproc.INTER_AREA);
      }
    }

    /**
     * From picture to picture the search goes down to half the picture's size, twice as fine as the
     * fast preset: from nothing on a thinner grid without smoothing, for the same time; what moves
     * so far that it has a guess is blurred and looks the same everywhere, and is worth a closer
     * grid and some smoothing. Over a long way, from a good guess, the preset's smoothing is worth
     * more than the finer picture.
     *
     * @param reduction how often the picture's size was halved already
     */
    private void tune(FlowKernels.Start start, int reduction) {
      boolean isGuessed = start != FlowKernels.Start.NOTHING;
      boolean isFar = start == FlowKernels.Start.FAR;
      dis.setFinestScale(Math.max(0, (isFar ? 2 : 1) - reduction));
      dis.setPatchStride(isFar ? 4 : isGuessed ? 5 : 6);
      dis.setGradientDescentIterations(isGuessed ? 16 : 8);
      dis.setVariationalRefinementIterations(isFar ? 5 : isGuessed ? 2 : 0);
    }

    @Override
    public void close() {
      dis.close();
      whole.close();
      from.close();
      to.close();
      flow.close();
    }
  }
}
