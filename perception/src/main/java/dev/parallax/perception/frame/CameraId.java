package dev.parallax.perception.frame;

/** Names one camera stream, unique within a node. */
public record CameraId(String name) {
  public CameraId {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A camera needs a name");
    }
  }
}
