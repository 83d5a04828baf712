package dev.parallax.nodes.config;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's configuration: one camera's keys at the top, or several under {@code cameras}; and the
 * port of the page. An unknown key stops the start.
 *
 * @param webPort null for the default or the next free one; 0 for no page
 */
public record NodeConfig(List<CameraSettings> cameras, @Nullable Integer webPort) {
  public NodeConfig {
    cameras = List.copyOf(cameras);
  }

  /** One camera of which nothing is said. */
  public static NodeConfig defaults() {
    return new NodeConfig(List.of(CameraSettings.none()), null);
  }

  /**
   * @throws CalibrationFormatException in one line naming the file, the key and what is wrong
   */
  public static NodeConfig read(Path file) throws CalibrationFormatException {
    YamlTree yaml = YamlTree.read(file);
    Integer webPort = yaml.has("web_port") ? (Integer) yaml.integer("web_port") : null;
    if (!yaml.has("cameras")) {
      return new NodeConfig(List.of(CameraSettings.read(yaml.without("web_port"))), webPort);
    }
    yaml.requireOnly(List.of("cameras", "web_port"));
    List<CameraSettings> cameras = new ArrayList<>();
    for (YamlTree camera : yaml.children("cameras")) {
      cameras.add(CameraSettings.read(camera));
    }
    if (cameras.isEmpty()) {
      throw new CalibrationFormatException(file + ": cameras: names no camera");
    }
    return new NodeConfig(cameras, webPort);
  }

  /** The same with what is said of a node's only camera from elsewhere. */
  public NodeConfig with(CameraSettings stronger) {
    if (stronger.equals(CameraSettings.none())) {
      return this;
    }
    if (cameras.size() > 1) {
      throw new IllegalArgumentException(
          "options and parameters of one camera do not say which of the file's %d is meant; put them into the file"
              .formatted(cameras.size()));
    }
    return new NodeConfig(List.of(stronger.over(cameras.get(0))), webPort);
  }
}
