package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.UndistortionMap;
import org.jspecify.annotations.Nullable;

/** Undistorts pictures at full resolution and makes them grey. Owns the undistortion map. */
final class Preprocessor implements AutoCloseable {
  /** Far outside any picture: the remap kernel paints it black. */
  private static final float OUTSIDE = -1e4f;

  private final PerceptionKernels kernels;
  private final CameraModel camera;
  private final BufferScope scope;
  private final @Nullable UndistortionMap map;
  private final @Nullable DeviceBuffer deviceMap;

  Preprocessor(PerceptionKernels kernels, CameraModel camera) {
    this.kernels = kernels;
    this.camera = camera;
    scope = kernels.openScope();
    if (camera.isRectified()) {
      map = null;
      deviceMap = null;
      return;
    }
    map = UndistortionMap.of(camera);
    float[] source = map.sourceUv().clone();
    for (int i = 0; i < source.length; i++) {
      if (Float.isNaN(source[i])) {
        source[i] = OUTSIDE;
      }
    }
    deviceMap = scope.f32(new Shape(camera.height(), camera.width(), 2));
    kernels.upload(source, deviceMap);
  }

  /**
   * A picture as the pipeline uses it.
   *
   * @param rectified the undistorted picture on the host, there once the kernels' fetches are
   *     finished
   * @param grey {@code [H W 1]} U8, owned by the scope given
   */
  record Prepared(Picture rectified, DeviceBuffer grey) {}

  /** Null where the camera's pictures need no undistortion. */
  @Nullable UndistortionMap map() {
    return map;
  }

  Prepared prepare(BufferScope frameScope, Picture picture) {
    Shape shape = new Shape(picture.height(), picture.width(), picture.format().channels());
    DeviceBuffer raw = frameScope.u8(shape);
    kernels.upload(picture.data(), raw);
    DeviceBuffer grey = frameScope.u8(shape.withChannels(1));
    if (deviceMap == null) {
      kernels.images().grey(raw, grey);
      return new Prepared(picture, grey);
    }
    DeviceBuffer straight = frameScope.u8(shape);
    kernels.images().remap(raw, deviceMap, straight);
    kernels.images().grey(straight, grey);
    byte[] data = new byte[shape.elements()];
    kernels.fetch(straight, data);
    return new Prepared(new Picture(camera.width(), camera.height(), picture.format(), data), grey);
  }

  @Override
  public void close() {
    scope.close();
  }
}
