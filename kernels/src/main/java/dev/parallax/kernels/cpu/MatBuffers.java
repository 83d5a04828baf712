package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Copies between heap buffers and OpenCV matrices, which live outside the heap. */
final class MatBuffers {
  private MatBuffers() {}

  /** Makes {@code mat} as large as the buffer (reusing its memory if it is) and fills it. */
  static void fill(Mat mat, DeviceBuffer buffer) {
    Shape shape = buffer.shape();
    switch (buffer.type()) {
      case U8 -> {
        mat.create(shape.height(), shape.width(), opencv_core.CV_8UC(shape.channels()));
        new BytePointer(mat.data()).put(HostBuffer.bytes(buffer));
      }
      case F32 -> {
        mat.create(shape.height(), shape.width(), opencv_core.CV_32FC(shape.channels()));
        new FloatPointer(mat.data()).put(HostBuffer.floats(buffer));
      }
    }
  }

  /** Copies a continuous matrix of the buffer's shape and type back. */
  static void read(Mat mat, DeviceBuffer buffer) {
    Shape shape = buffer.shape();
    int type =
        switch (buffer.type()) {
          case U8 -> opencv_core.CV_8UC(shape.channels());
          case F32 -> opencv_core.CV_32FC(shape.channels());
        };
    if (mat.rows() != shape.height()
        || mat.cols() != shape.width()
        || mat.type() != type
        || !mat.isContinuous()) {
      throw new IllegalStateException(
          "OpenCV answered [%d %d %d] where %s %s was wanted"
              .formatted(mat.rows(), mat.cols(), mat.channels(), buffer.type(), shape));
    }
    switch (buffer.type()) {
      case U8 -> new BytePointer(mat.data()).get(HostBuffer.bytes(buffer));
      case F32 -> new FloatPointer(mat.data()).get(HostBuffer.floats(buffer));
    }
  }
}
