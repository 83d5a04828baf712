package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps arrays of closed scopes for the next scope, by element type and length. */
final class BufferPool {
  private final Map<Integer, ArrayDeque<float[]>> freeFloats = new HashMap<>();
  private final Map<Integer, ArrayDeque<byte[]>> freeBytes = new HashMap<>();

  BufferScope openScope() {
    return new Scope();
  }

  private synchronized float[] takeFloats(int length) {
    ArrayDeque<float[]> free = freeFloats.get(length);
    return free == null || free.isEmpty() ? new float[length] : free.pop();
  }

  private synchronized byte[] takeBytes(int length) {
    ArrayDeque<byte[]> free = freeBytes.get(length);
    return free == null || free.isEmpty() ? new byte[length] : free.pop();
  }

  private synchronized void giveBack(float[] array) {
    freeFloats.computeIfAbsent(array.length, k -> new ArrayDeque<>()).push(array);
  }

  private synchronized void giveBack(byte[] array) {
    freeBytes.computeIfAbsent(array.length, k -> new ArrayDeque<>()).push(array);
  }

  private final class Scope implements BufferScope {
    private final List<HostBuffer> made = new ArrayList<>();
    private boolean closed;

    @Override
    public DeviceBuffer f32(Shape shape) {
      return add(new HostBuffer(shape, takeFloats(shape.elements())));
    }

    @Override
    public DeviceBuffer u8(Shape shape) {
      return add(new HostBuffer(shape, takeBytes(shape.elements())));
    }

    private DeviceBuffer add(HostBuffer buffer) {
      if (closed) {
        throw new IllegalStateException("Scope is closed");
      }
      made.add(buffer);
      return buffer;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      for (HostBuffer buffer : made) {
        switch (buffer.type()) {
          case F32 -> giveBack(HostBuffer.floats(buffer));
          case U8 -> giveBack(HostBuffer.bytes(buffer));
        }
        buffer.release();
      }
    }
  }
}
