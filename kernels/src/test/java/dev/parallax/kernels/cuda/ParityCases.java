package dev.parallax.kernels.cuda;

import java.util.List;
import java.util.stream.Stream;

/** Every parity case there is. */
final class ParityCases {
  private ParityCases() {}

  static List<ParityCase> all() {
    return Stream.of(
            ImageParity.cases(), FlowParity.cases(), DepthParity.cases(), VoxelParity.cases())
        .flatMap(List::stream)
        .toList();
  }
}
