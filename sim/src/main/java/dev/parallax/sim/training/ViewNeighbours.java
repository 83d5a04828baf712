package dev.parallax.sim.training;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds for a view the nearest ones before and after it that see it with enough parallax, and dense
 * flow to them. Uses the kernels, does not own them.
 */
final class ViewNeighbours {
  /** Median parallax that depth can be told from, pixels of the network's answer. */
  private static final double LEAST_PARALLAX_PX = 3;

  /** Views farther than this share hardly anything to be found again; share of the width. */
  private static final double LARGEST_FLOW_SHARE = 0.3;

  private static final int FARTHEST = 40;

  /** Flow that does not close within this is not believed, pixels of the answer. */
  private static final float CLOSING_PX = 0.7f;

  private static final int SAMPLED_EVERY = 7; // pixels; no multiple of the width

  private final PerceptionKernels kernels;
  private final List<MeasuredView> views;
  private final PinholeCamera grid;

  ViewNeighbours(PerceptionKernels kernels, List<MeasuredView> views) {
    this.kernels = kernels;
    this.views = views;
    grid = MeasuredView.answerCamera(views.get(0).sample().camera());
  }

  /**
   * A view with its neighbours.
   *
   * @param agreement share of its measured pixels that go where their depth says, to the neighbour
   *     where most do; 0 where there is no neighbour
   */
  record Linked(MeasuredView view, List<FlowView> flows, double agreement) {}

  Linked linked(int index) {
    List<FlowView> flows = new ArrayList<>();
    double agreement = 0;
    for (int direction : new int[] {-1, 1}) {
      Optional<MeasuredView> other = neighbour(index, direction);
      if (other.isPresent()) {
        FlowView flow = flow(views.get(index), other.get());
        flows.add(flow);
        agreement = Math.max(agreement, agreement(views.get(index), flow));
      }
    }
    return new Linked(views.get(index), List.copyOf(flows), agreement);
  }

  private Optional<MeasuredView> neighbour(int index, int direction) {
    MeasuredView view = views.get(index);
    for (int step = 1; step <= FARTHEST; step++) {
      int at = index + direction * step;
      if (at < 0 || at >= views.size() || views.get(at).unit() != view.unit()) {
        return Optional.empty();
      }
      Se3 T_other_this = views.get(at).T_odom_cam().inverse().times(view.T_odom_cam());
      double[] shift = medianShift(view, T_other_this);
      if (!(shift[0] < LARGEST_FLOW_SHARE * grid.width())) {
        return Optional.empty();
      }
      if (shift[1] >= LEAST_PARALLAX_PX) {
        return Optional.of(views.get(at));
      }
    }
    return Optional.empty();
  }

  /** Of the pixels with a depth: how far they go, and how far of that is parallax; NaN if none. */
  private double[] medianShift(MeasuredView view, Se3 T_other_this) {
    double[] moved = new double[view.weight().length / SAMPLED_EVERY + 1];
    double[] parallax = new double[moved.length];
    int count = 0;
    double[] h = new double[6];
    for (int i = 0; i < view.weight().length; i += SAMPLED_EVERY) {
      if (view.weight()[i] > 0) {
        int u = i % grid.width();
        int v = i / grid.width();
        FlowView.homogeneous(T_other_this, grid, u, v, h);
        double rho = view.sample().inverseDepth()[view.sample().answered(i)];
        double z = h[2] + rho * h[5];
        if (!(z > 0 && h[2] > 0)) {
          continue; // behind the other camera
        }
        double x = (h[0] + rho * h[3]) / z;
        double y = (h[1] + rho * h[4]) / z;
        moved[count] = Math.hypot(x - u, y - v);
        parallax[count++] = Math.hypot(x - h[0] / h[2], y - h[1] / h[2]);
      }
    }
    return count == 0
        ? new double[] {Double.NaN, Double.NaN}
        : new double[] {
          OrderStatistic.median(moved, count), OrderStatistic.median(parallax, count)
        };
  }

  private FlowView flow(MeasuredView view, MeasuredView other) {
    Se3 T_other_this = other.T_odom_cam().inverse().times(view.T_odom_cam());
    PinholeCamera camera = view.sample().camera();
    Shape picture = Shape.of(camera.height(), camera.width());
    Shape answer = Shape.of(grid.height(), grid.width());
    float[] uv = new float[2 * answer.pixels()];
    float[] closing = new float[answer.pixels()];
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer here = scope.u8(picture);
      DeviceBuffer there = scope.u8(picture);
      kernels.upload(view.sample().grey8(), here);
      kernels.upload(other.sample().grey8(), there);
      DeviceBuffer forth = scope.f32(answer.withChannels(2));
      DeviceBuffer back = scope.f32(answer.withChannels(2));
      DeviceBuffer inconsistency = scope.f32(answer);
      kernels.upload(turned(T_other_this), forth);
      kernels.upload(turned(T_other_this.inverse()), back);
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(here, there, forth, Start.FAR),
                  new Request(there, here, back, Start.FAR)));
      kernels.flow().inconsistency(forth, back, inconsistency);
      kernels.download(forth, uv);
      kernels.download(inconsistency, closing);
    }
    for (int i = 0; i < closing.length; i++) {
      if (!(closing[i] < CLOSING_PX)) {
        uv[2 * i] = Float.NaN;
        uv[2 * i + 1] = Float.NaN;
      }
    }
    return new FlowView(T_other_this, uv);
  }

  /** The flow of a turn alone, where the search begins: it says nothing of depth. */
  private float[] turned(Se3 T_other_this) {
    float[] uv = new float[2 * grid.width() * grid.height()];
    double[] h = new double[6];
    for (int i = 0; i < uv.length / 2; i++) {
      int u = i % grid.width();
      int v = i / grid.width();
      FlowView.homogeneous(T_other_this, grid, u, v, h);
      if (h[2] > 0) {
        uv[2 * i] = (float) (h[0] / h[2] - u);
        uv[2 * i + 1] = (float) (h[1] / h[2] - v);
      }
    }
    return uv;
  }

  private double agreement(MeasuredView view, FlowView flow) {
    double[] h = new double[6];
    int known = 0;
    int agreeing = 0;
    for (int i = 0; i < view.weight().length; i++) {
      if (view.weight()[i] > 0 && !Float.isNaN(flow.uv()[2 * i])) {
        int u = i % grid.width();
        int v = i / grid.width();
        FlowView.homogeneous(flow.T_other_this(), grid, u, v, h);
        double rho = view.sample().inverseDepth()[view.sample().answered(i)];
        double z = h[2] + rho * h[5];
        double offX = (h[0] + rho * h[3]) / z - u - flow.uv()[2 * i];
        double offY = (h[1] + rho * h[4]) / z - v - flow.uv()[2 * i + 1];
        known++;
        agreeing += Math.hypot(offX, offY) < 1 ? 1 : 0;
      }
    }
    return known == 0 ? 0 : (double) agreeing / known;
  }
}
