package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Motion between pictures on the GPU: {@code flow.cu}, {@code flow_field.cu}, {@code track.cu}. */
final class CudaFlowKernels implements FlowKernels, AutoCloseable {
  private static final int ROW_THREADS = 256;
  private static final int TRACK_THREADS = 256;
  private static final int POINTS_PER_BLOCK = TRACK_THREADS / 32;

  private final CudaDevice device;
  private final CudaStream stream;
  private final DenseFlow denseFlow;
  private final List<FlowPyramid> pyramids = new ArrayList<>();
  private final CudaFunction compose;
  private final CudaFunction inconsistency;
  private final CudaFunction leadPoints;
  private final CudaFunction invertScatter;
  private final CudaFunction invertFill;
  private final CudaFunction track;
  private final Scratch last = new Scratch();
  private final Scratch points = new Scratch();
  private final Scratch before = new Scratch();
  private final Scratch predicted = new Scratch();
  private final Scratch results = new Scratch();
  private final Scratch errors = new Scratch();

  CudaFlowKernels(CudaDevice device, CudaStream stream) {
    this.device = device;
    this.stream = stream;
    denseFlow = new DenseFlow(device, stream);
    compose = device.function("compose_flow");
    inconsistency = device.function("flow_inconsistency");
    leadPoints = device.function("lead_points");
    invertScatter = device.function("invert_scatter");
    invertFill = device.function("invert_fill");
    track = device.function("track_points");
  }

  @Override
  public void dense(List<Request> requests) {
    List<Place> places = new ArrayList<>();
    for (Request request : requests) {
      places.add(Place.of(request));
    }
    stream.repeated(
        requests.stream().map(request -> request.from().shape()).distinct().toList(),
        places,
        () -> launchDense(requests));
  }

  /** All that a flow's launches depend on beside the content of its buffers. */
  private record Place(long from, long to, long flow, Shape grid, boolean startsFromFlow) {
    static Place of(Request request) {
      return new Place(
          CudaBuffer.live(request.from(), ElementType.U8).at().value(),
          CudaBuffer.live(request.to(), ElementType.U8).at().value(),
          CudaBuffer.live(request.flow(), ElementType.F32).at().value(),
          request.flow().shape(),
          request.startFromFlow());
    }
  }

  private void launchDense(List<Request> requests) {
    Map<DeviceBuffer, FlowPyramid> built = new IdentityHashMap<>();
    for (Request request : requests) {
      denseFlow.run(request, pyramid(request.from(), built), pyramid(request.to(), built));
    }
  }

  private FlowPyramid pyramid(DeviceBuffer grey, Map<DeviceBuffer, FlowPyramid> built) {
    return built.computeIfAbsent(
        grey,
        picture -> {
          if (built.size() == pyramids.size()) {
            pyramids.add(new FlowPyramid(device, stream));
          }
          FlowPyramid pyramid = pyramids.get(built.size());
          pyramid.build(picture, DenseFlow.coarsest(picture.shape()));
          return pyramid;
        });
  }

  @Override
  public void track(
      DeviceBuffer from, DeviceBuffer to, int n, float[] fromUv, float[] toUv, float[] error) {
    if (n == 0) {
      return;
    }
    stream.bind();
    stream.upload(toUv, 2 * n, results.words(1, n, 2));
    fetchTracked(from, to, n, fromUv, toUv, error);
    stream.finishFetches();
  }

  /** Tracks from the guesses that lie in the results; fetches the answer. */
  private void fetchTracked(
      DeviceBuffer from, DeviceBuffer to, int n, float[] fromUv, float[] toUv, float[] error) {
    CudaBuffer.require(to, ElementType.U8, from.shape().withChannels(1));
    CudaBuffer at = points.words(1, n, 2);
    CudaBuffer found = results.words(1, n, 2);
    CudaBuffer differences = errors.words(1, n, 1);
    stream.upload(fromUv, 2 * n, at);
    stream
        .launch(track)
        .with(CudaBuffer.live(from, ElementType.U8))
        .with(CudaBuffer.live(to, ElementType.U8))
        .with(from.shape().width())
        .with(from.shape().height())
        .with(at)
        .with(found)
        .with(differences)
        .with(n)
        .blocks((n + POINTS_PER_BLOCK - 1) / POINTS_PER_BLOCK, 1, TRACK_THREADS);
    stream.fetch(found, toUv, 2 * n);
    stream.fetch(differences, error, n);
  }

  @Override
  public void follow(
      DeviceBuffer from,
      DeviceBuffer to,
      DeviceBuffer flow,
      int n,
      float[] fromUv,
      float[] beforeUv,
      float[] predictedUv,
      float[] toUv,
      float[] error) {
    if (n == 0) {
      return;
    }
    stream.bind();
    CudaBuffer at = before.words(1, n, 2);
    CudaBuffer led = predicted.words(1, n, 2);
    stream.upload(beforeUv, 2 * n, at);
    stream
        .launch(leadPoints)
        .with(CudaBuffer.live(flow, ElementType.F32))
        .with(flow.shape().width())
        .with(flow.shape().height())
        .with(to.shape().width() / flow.shape().width())
        .with(at)
        .with(led)
        .with(results.words(1, n, 2))
        .with(n)
        .over(n);
    stream.fetch(led, predictedUv, 2 * n);
    fetchTracked(from, to, n, fromUv, toUv, error);
  }

  @Override
  public void compose(DeviceBuffer first, DeviceBuffer second, DeviceBuffer out) {
    overField(compose, first, second, out);
  }

  @Override
  public void inconsistency(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer out) {
    overField(inconsistency, backward, forward, out);
  }

  private void overField(CudaFunction kernel, DeviceBuffer a, DeviceBuffer b, DeviceBuffer out) {
    Shape shape = a.shape();
    requireSameSize(a, b);
    requireSameSize(a, out);
    stream
        .launch(kernel)
        .with(CudaBuffer.live(a, ElementType.F32))
        .with(CudaBuffer.live(b, ElementType.F32))
        .with(CudaBuffer.live(out, ElementType.F32))
        .with(shape.width())
        .with(shape.height())
        .overPixels(shape.width(), shape.height());
  }

  @Override
  public void copy(DeviceBuffer flow, DeviceBuffer target) {
    CudaBuffer.require(target, ElementType.F32, flow.shape());
    stream.copy(CudaBuffer.live(flow), CudaBuffer.live(target));
  }

  @Override
  public void invert(DeviceBuffer flow, DeviceBuffer inverse) {
    requireSameSize(flow, inverse);
    int width = flow.shape().width();
    int height = flow.shape().height();
    stream.bind();
    CudaBuffer winners = last.words(height, width, 1);
    stream.fill(winners, 0);
    stream
        .launch(invertScatter)
        .with(CudaBuffer.live(flow, ElementType.F32))
        .with(winners)
        .with(width)
        .with(height)
        .overPixels(width, height);
    stream
        .launch(invertFill)
        .with(CudaBuffer.live(flow))
        .with(winners)
        .with(CudaBuffer.live(inverse, ElementType.F32))
        .with(width)
        .blocks(height, 1, ROW_THREADS);
  }

  private static void requireSameSize(DeviceBuffer a, DeviceBuffer b) {
    if (a.shape().height() != b.shape().height() || a.shape().width() != b.shape().width()) {
      throw new IllegalArgumentException("Sizes differ: [%s, %s]".formatted(a.shape(), b.shape()));
    }
  }

  @Override
  public void close() {
    denseFlow.close();
    pyramids.forEach(FlowPyramid::close);
    last.close();
    points.close();
    before.close();
    predicted.close();
    results.close();
    errors.close();
  }
}
