package dev.parallax.sim.training;

import dev.parallax.perception.geometry.PinholeCamera;
import java.util.List;
import java.util.Random;

/**
 * A part of a view, enlarged to the whole picture: another camera in the same place, so that few
 * views are not learned by heart.
 *
 * @param zoom width of the part over the picture's, at most 1
 * @param left first column of the part, pixels; likewise {@code top}
 */
record ViewCrop(double zoom, double left, double top) {
  private static final double SMALLEST = 0.6;

  static ViewCrop draw(PinholeCamera camera, Random random) {
    double zoom = SMALLEST + (1 - SMALLEST) * random.nextDouble();
    return new ViewCrop(
        zoom,
        random.nextDouble() * (1 - zoom) * camera.width(),
        random.nextDouble() * (1 - zoom) * camera.height());
  }

  TrainingSample of(TrainingSample sample) {
    PinholeCamera camera = sample.camera();
    int width = camera.width();
    byte[] grey = new byte[sample.grey8().length];
    float[] inverse = new float[grey.length];
    for (int i = 0; i < grey.length; i++) {
      double x = source(i % width, left);
      double y = source(i / width, top);
      grey[i] = bilinear(sample.grey8(), width, camera.height(), x, y);
      inverse[i] = sample.inverseDepth()[nearest(y, camera.height()) * width + nearest(x, width)];
    }
    PinholeCamera part =
        new PinholeCamera(
            width,
            camera.height(),
            camera.fx() / zoom,
            camera.fy() / zoom,
            (camera.cx() + 0.5 - left) / zoom - 0.5,
            (camera.cy() + 0.5 - top) / zoom - 0.5);
    return new TrainingSample(part, grey, inverse);
  }

  /** Where a pixel of the part lies in the picture. */
  private double source(double pixel, double first) {
    return first + (pixel + 0.5) * zoom - 0.5;
  }

  private static int nearest(double place, int size) {
    return (int) Math.max(0, Math.min(size - 1, Math.round(place)));
  }

  private static byte bilinear(byte[] grey, int width, int height, double x, double y) {
    double px = Math.max(0, Math.min(width - 1.001, x));
    double py = Math.max(0, Math.min(height - 1.001, y));
    int at = (int) py * width + (int) px;
    double a = px - (int) px;
    double b = py - (int) py;
    double upper = (1 - a) * (grey[at] & 255) + a * (grey[at + 1] & 255);
    double lower = (1 - a) * (grey[at + width] & 255) + a * (grey[at + width + 1] & 255);
    return (byte) Math.round((1 - b) * upper + b * lower);
  }

  /**
   * @param weight {@code [h w]} of the whole view's answer
   * @param part the view's part
   */
  float[] weight(float[] weight, TrainingSample part) {
    float[] cropped = new float[weight.length];
    int width = part.camera().width() / 2;
    for (int i = 0; i < cropped.length; i++) {
      boolean known = part.inverseDepth()[part.answered(i)] > 0;
      cropped[i] = known ? weight[answerPixel(i, width, weight.length / width)] : 0;
    }
    return cropped;
  }

  List<FlowView> flows(List<FlowView> flows, PinholeCamera camera) {
    int width = camera.width() / 2;
    int height = camera.height() / 2;
    return flows.stream()
        .map(
            flow -> {
              float[] uv = new float[flow.uv().length];
              for (int i = 0; i < uv.length / 2; i++) {
                int from = answerPixel(i, width, height);
                uv[2 * i] = (float) (flow.uv()[2 * from] / zoom);
                uv[2 * i + 1] = (float) (flow.uv()[2 * from + 1] / zoom);
              }
              return new FlowView(flow.T_other_this(), uv);
            })
        .toList();
  }

  /** The pixel of the whole view's answer under one of the part's. */
  private int answerPixel(int pixel, int width, int height) {
    // An answer's pixel has its centre half a pixel behind the second of its two.
    double x = source(2 * (pixel % width) + 0.5, left);
    double y = source(2 * (pixel / width) + 0.5, top);
    return nearest((y - 0.5) / 2, height) * width + nearest((x - 0.5) / 2, width);
  }
}
