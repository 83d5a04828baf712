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
    int answer = width * height / 4;
    for (int i = 0; i < answer; i++) {
      truth[place * answer + i] = (float) Math.log(sample.inverseDepth()[sample.answered(i)]);
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
