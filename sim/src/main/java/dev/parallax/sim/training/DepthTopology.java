package dev.parallax.sim.training;

/**
 * The depth network: a residual encoder down to 1/32, a picture-wide mean added there, and a
 * decoder that sums what the encoder saw at each scale. {@code [N 5 H W]} in, {@code [N 2 H/2 W/2]}
 * out: log inverse depth (1/m) and the logarithm of its Laplace scale.
 */
final class DepthTopology {
  private DepthTopology() {}

  static <T> T build(LayerOps<T> ops, T in) {
    T half = ops.conv("enc1", in, 24, 3, 2, true);
    T quarter = ops.conv("enc2b", ops.conv("enc2a", half, 40, 3, 2, true), 40, 3, 1, true);
    T eighth = residual(ops, "enc3b", ops.conv("enc3a", quarter, 64, 3, 2, true), 64, 64);
    T sixteenth = residual(ops, "enc4b", ops.conv("enc4a", eighth, 96, 3, 2, true), 96, 80);
    T deepest = residual(ops, "enc5b", ops.conv("enc5a", sixteenth, 128, 3, 2, true), 128, 72);
    T whole = ops.conv("whole", ops.mean(deepest), 128, 1, 1, true);
    T deep = ops.sum(deepest, whole);
    T d4 = merged(ops, "dec4", deep, sixteenth, 64);
    T d3 = merged(ops, "dec3", d4, eighth, 48);
    T d2 = merged(ops, "dec2", d3, quarter, 32);
    T d1 = merged(ops, "dec1", d2, half, 16);
    return ops.head("head", d1, 2);
  }

  private static <T> T residual(LayerOps<T> ops, String name, T in, int channels, int inner) {
    T a = ops.conv(name + ".1", in, inner, 3, 1, true);
    T b = ops.conv(name + ".2", a, channels, 3, 1, false);
    return ops.relu(ops.sum(in, b));
  }

  private static <T> T merged(LayerOps<T> ops, String name, T coarse, T fine, int channels) {
    T up = ops.doubled(ops.conv(name + ".coarse", coarse, channels, 1, 1, false));
    T side = ops.conv(name + ".fine", fine, channels, 1, 1, false);
    return ops.conv(name, ops.relu(ops.sum(up, side)), channels, 3, 1, true);
  }
}
