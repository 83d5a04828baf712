package dev.parallax.sim.training;

/**
 * The operations that the network is made of, over pictures of some kind {@code T}: arrays that are
 * computed, nodes of a file that is written, or mere shapes.
 */
interface LayerOps<T> {
  /** Convolution without bias, batch normalisation and, if {@code activated}, ReLU. */
  T conv(String name, T in, int channels, int kernel, int stride, boolean activated);

  /** A last convolution with bias and nothing after it. */
  T head(String name, T in, int channels);

  /** Twice as wide and high, each pixel four times. */
  T doubled(T in);

  /** Sum; {@code b} may be one pixel large and then counts everywhere. */
  T sum(T a, T b);

  T relu(T in);

  /** The mean of each channel, one pixel large. */
  T mean(T in);
}
