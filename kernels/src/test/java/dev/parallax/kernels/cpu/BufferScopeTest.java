package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BufferScopeTest {
  private static final Shape SHAPE = new Shape(2, 3, 2);

  private final CpuKernels kernels = new CpuKernels(1);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void whatIsUploadedIsDownloadedAgain() {
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer floats = scope.f32(SHAPE);
      DeviceBuffer bytes = scope.u8(SHAPE);
      float[] sentFloats = {1, 2, 3, Float.NaN, -5, 6, 7, 8, 9, 10, 11, 12};
      byte[] sentBytes = {1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
      kernels.upload(sentFloats, floats);
      kernels.upload(sentBytes, bytes);

      float[] gotFloats = new float[12];
      byte[] gotBytes = new byte[12];
      kernels.download(floats, gotFloats);
      kernels.download(bytes, gotBytes);

      assertThat(gotFloats).containsExactly(sentFloats);
      assertThat(gotBytes).containsExactly(sentBytes);
      assertThat(floats.type()).isEqualTo(ElementType.F32);
      assertThat(bytes.type()).isEqualTo(ElementType.U8);
      assertThat(floats.shape()).isEqualTo(SHAPE);
    }
  }

  @Test
  void memoryOfAClosedScopeServesTheNextOne() {
    float[] array;
    try (BufferScope scope = kernels.openScope()) {
      array = HostBuffer.floats(scope.f32(SHAPE));
    }
    try (BufferScope scope = kernels.openScope()) {
      assertThat(HostBuffer.floats(scope.f32(Shape.of(3, 4)))).isSameAs(array);
    }
  }

  @Test
  void buffersAliveAtOnceNeverShareMemoryEvenWhenAScopeIsClosedTwice() {
    BufferScope closed = kernels.openScope();
    closed.f32(SHAPE);
    closed.close();
    closed.close();

    try (BufferScope a = kernels.openScope();
        BufferScope b = kernels.openScope()) {
      assertThat(HostBuffer.floats(a.f32(SHAPE))).isNotSameAs(HostBuffer.floats(b.f32(SHAPE)));
    }
  }

  @Test
  void aBufferIsRefusedOnceItsScopeClosed() {
    DeviceBuffer buffer;
    try (BufferScope scope = kernels.openScope()) {
      buffer = scope.f32(SHAPE);
    }

    assertThatThrownBy(() -> kernels.download(buffer, new float[12]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[2 3 2]")
        .hasMessageContaining("scope closed");
    assertThatThrownBy(() -> kernels.upload(new float[12], buffer))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClosedScopeMakesNoBuffers() {
    BufferScope scope = kernels.openScope();
    scope.close();

    assertThatThrownBy(() -> scope.u8(SHAPE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void wrongLengthAndWrongTypeAreRefused() {
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer floats = scope.f32(SHAPE);
      assertThatThrownBy(() -> kernels.upload(new float[11], floats))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("11")
          .hasMessageContaining("[2 3 2]");
      assertThatThrownBy(() -> kernels.download(floats, new float[13]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> kernels.upload(new byte[12], floats))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Expected a U8 buffer");
    }
  }
}
