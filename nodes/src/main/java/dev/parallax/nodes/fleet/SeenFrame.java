package dev.parallax.nodes.fleet;

import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.perception.geometry.PinholeCamera;
import org.jspecify.annotations.Nullable;

/**
 * What a group of nodes has published of one frame.
 *
 * @param namespace of the group's topics
 * @param stream names the run of the camera's publisher
 * @param model names the model and configuration that made it; empty where it was not told
 * @param depth null where there is none or it was not asked for
 */
public record SeenFrame(
    String namespace,
    String stream,
    String model,
    ProtoResults.Result result,
    @Nullable Depth depth) {

  /**
   * A frame's depth.
   *
   * @param camera of the grid
   * @param depthM {@code [height width]} metres (or relative units), NaN where unknown
   */
  public record Depth(PinholeCamera camera, float[] depthM) {
    public Depth {
      if (depthM.length != camera.width() * camera.height()) {
        throw new IllegalArgumentException(
            "Depth of a %dx%d camera has %d values"
                .formatted(camera.width(), camera.height(), depthM.length));
      }
    }
  }

  public String camera() {
    return result.camera();
  }

  public long sequence() {
    return result.sequence();
  }
}
