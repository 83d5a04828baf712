package dev.parallax.kernels.cuda;

/** One stream on the shim's device, for kernels that are not behind an interface of their own. */
final class GpuFixture implements AutoCloseable {
  final CudaDevice device;
  final CudaStream stream;

  GpuFixture() throws CudaUnavailableException {
    ShimDriver.load();
    device = CudaDevice.open(0);
    stream = new CudaStream(device);
  }

  CudaFunction kernel(String name) {
    return device.function(name);
  }

  CudaBuffer floats(int height, int width, int channels, float... values) {
    CudaBuffer buffer = new Scratch().words(height, width, channels);
    if (values.length > 0) {
      stream.upload(values, buffer);
    }
    return buffer;
  }

  CudaBuffer bytes(byte... values) {
    CudaBuffer buffer = new Scratch().bytes(values.length);
    stream.upload(values, buffer);
    return buffer;
  }

  float[] read(CudaBuffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    stream.download(buffer, values);
    return values;
  }

  /** The context's memory goes with the device. */
  @Override
  public void close() {
    stream.close();
    device.close();
  }
}
