package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.prior.NetworkInput;

/** Some pictures of one size as the network takes them, and the truth at its output's size. */
final class TrainingBatch {
  private final int width;
  private final int height;
  private final int count;
  private final float[] input;
  private final float[] truth;
  private final float[] grey;

  TrainingBatch(PinholeCamera sizeOf, int count) {
    width = sizeOf.width();
    height = sizeOf.height();
    this.count = count;
    input = new float[count * NetworkInput.size(width, height)];
    truth = new float[count * width * height / 4];
    grey = new float[width * height];
  }

  void put(int place, TrainingSample sample, float[] known) {
    for (int i = 0; i < grey.length; i++) {
      grey[i] = sample.grey8()[i] & 255;
    }
    int offset = place * NetworkInput.size(width, height);
    NetworkInput.fill(grey, sample.camera(), known, input, offset);
    int at = place * width * height / 4;
    float[] inverse = sample.inverseDepth();
    for (int v = 0; v < height; v += 2) {
      for (int u = 0; u < width; u += 2) {
        int i = v * width + u;
        // Of the four pixels under one of the output's, one on the diagonal in turn: no mixtures.
        truth[at++] = (float) Math.log(inverse[(u / 2 + v / 2) % 2 == 0 ? i : i + width + 1]);
      }
    }
  }

  NDArray input(NDManager manager) {
    return manager.create(input, new Shape(count, NetworkInput.CHANNELS, height, width));
  }

  NDArray truth(NDManager manager) {
    return manager.create(truth, new Shape(count, 1, height / 2, width / 2));
  }

  float[] truthValues() {
    return truth;
  }
}
