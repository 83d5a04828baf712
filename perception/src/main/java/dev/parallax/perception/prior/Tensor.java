package dev.parallax.perception.prior;

import java.util.Arrays;

/**
 * Numbers with a shape, as networks take and give them.
 *
 * @param values row-major, as many as the product of the shape's sizes; not copied
 */
public record Tensor(float[] values, long[] shape) {
  public Tensor {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    if (count != values.length) {
      throw new IllegalArgumentException(
          "Shape %s holds %d values, got %d"
              .formatted(Arrays.toString(shape), count, values.length));
    }
  }
}
