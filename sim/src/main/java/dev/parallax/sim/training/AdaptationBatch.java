package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;
import java.util.List;

/** Some pictures with what is known of their depth and of their neighbours, as arrays. */
final class AdaptationBatch {
  static final int NEIGHBOURS = 2;

  private final TrainingBatch pictures;
  private final int count;
  private final int width;
  private final int height;
  private final float[] weight;
  private final float[] logShift;
  private final float[] rays;
  private final float[] translations;
  private final float[] goals;
  private final float[] flowKnown;

  /**
   * @param camera of the pictures; others are of the same size
   */
  AdaptationBatch(PinholeCamera camera, int count) {
    this.count = count;
    pictures = new TrainingBatch(camera, count);
    width = camera.width() / 2;
    height = camera.height() / 2;
    int pixels = width * height;
    weight = new float[count * pixels];
    logShift = new float[count];
    rays = new float[3 * count * NEIGHBOURS * pixels];
    translations = new float[3 * count * NEIGHBOURS];
    goals = new float[3 * count * NEIGHBOURS * pixels];
    flowKnown = new float[count * NEIGHBOURS * pixels];
  }

  /** A picture whose depth is known everywhere. */
  void putSimulated(int place, TrainingSample sample, float[] known) {
    pictures.put(place, sample, known);
    int pixels = width * height;
    Arrays.fill(weight, place * pixels, (place + 1) * pixels, 1);
    logShift[place] = 0;
    for (int k = 0; k < NEIGHBOURS; k++) {
      clear(place, k);
    }
  }

  /**
   * @param sample with inverse depth in 1/m, 0 where unknown
   * @param pixelWeight {@code [h w]} of the answer, 0 where unknown
   * @param metres to the recording's unit, which the flows' translations are in
   */
  void put(
      int place,
      TrainingSample sample,
      float[] known,
      float[] pixelWeight,
      List<FlowView> flows,
      double metres) {
    pictures.put(place, sample, known);
    System.arraycopy(pixelWeight, 0, weight, place * pixelWeight.length, pixelWeight.length);
    logShift[place] = (float) Math.log(metres);
    PinholeCamera grid = MeasuredView.answerCamera(sample.camera());
    for (int k = 0; k < NEIGHBOURS; k++) {
      if (k < flows.size()) {
        putFlow(place, k, flows.get(k), grid);
      } else {
        clear(place, k);
      }
    }
  }

  private void clear(int place, int neighbour) {
    int pixels = width * height;
    int at = (place * NEIGHBOURS + neighbour) * pixels;
    Arrays.fill(flowKnown, at, at + pixels, 0);
  }

  private void putFlow(int place, int neighbour, FlowView flow, PinholeCamera grid) {
    int pixels = width * height;
    int plane = count * NEIGHBOURS * pixels;
    int first = (place * NEIGHBOURS + neighbour) * pixels;
    double[] h = new double[6];
    for (int i = 0; i < pixels; i++) {
      int u = i % width;
      int v = i / width;
      FlowView.homogeneous(flow.T_other_this(), grid, u, v, h);
      boolean found = !Float.isNaN(flow.uv()[2 * i]) && h[2] > 0;
      float du = found ? flow.uv()[2 * i] : 0;
      float dv = found ? flow.uv()[2 * i + 1] : 0;
      for (int k = 0; k < 3; k++) {
        rays[k * plane + first + i] = (float) (found ? h[k] : k == 2 ? 1 : 0);
      }
      goals[first + i] = u + du;
      goals[plane + first + i] = v + dv;
      goals[2 * plane + first + i] = (float) Math.hypot(du, dv);
      flowKnown[first + i] = found ? 1 : 0;
    }
    for (int k = 0; k < 3; k++) {
      translations[k * count * NEIGHBOURS + place * NEIGHBOURS + neighbour] = (float) h[3 + k];
    }
  }

  NDArray input(NDManager manager) {
    return pictures.input(manager);
  }

  /** What a loss is made of; each {@code [N 1 h w]} or {@code [N K h w]} with K neighbours. */
  AdaptationLoss.Goal goal(NDManager manager) {
    float[] truth = pictures.truthValues().clone();
    for (int i = 0; i < truth.length; i++) {
      truth[i] = weight[i] > 0 ? truth[i] : 0;
    }
    Shape one = new Shape(count, 1, height, width);
    Shape each = new Shape(3, count, NEIGHBOURS, height, width);
    return new AdaptationLoss.Goal(
        manager.create(truth, one),
        manager.create(weight, one),
        manager.create(logShift, new Shape(count, 1, 1, 1)),
        manager.create(rays, each),
        manager.create(translations, new Shape(3, count, NEIGHBOURS, 1, 1)),
        manager.create(goals, each),
        manager.create(flowKnown, new Shape(count, NEIGHBOURS, height, width)));
  }
}
