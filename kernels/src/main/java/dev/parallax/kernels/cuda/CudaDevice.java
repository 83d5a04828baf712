package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One GPU: its primary context, retained until this closes and shared with whoever else in the
 * process uses it, and the kernels loaded into it.
 */
public final class CudaDevice implements AutoCloseable {
  /** The files of kernels, each a module. */
  private static final List<String> MODULES =
      List.of(
          "image",
          "flow",
          "flow_field",
          "track",
          "depth",
          "motion",
          "pieces",
          "blocks",
          "voxel",
          "pose",
          "output");

  /** The PTX is of this version's language, so the driver must be at least as new. */
  private static final int CUDA_OF_PTX = 13000;

  private static final int MIN_COMPUTE_CAPABILITY = 75;
  private static final long MIN_FREE_BYTES = 256L << 20;

  private final int ordinal;
  private final CUdevice device;
  private final CUcontext context = new CUcontext();
  private final List<CUmodule> modules = new ArrayList<>();
  private final Map<String, CudaFunction> functions = new HashMap<>();
  private final String name;
  private final int driverVersion;
  private final int capability;
  private final long totalBytes;
  private int cubins;
  private boolean closed;

  private CudaDevice(int ordinal, CUdevice device, int driverVersion, int capability) {
    this.ordinal = ordinal;
    this.device = device;
    this.driverVersion = driverVersion;
    this.capability = capability;
    this.name = nameOf(device);
    long[] total = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(total, device), "cuDeviceTotalMem", "device " + ordinal);
    this.totalBytes = total[0];
    check(
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device),
        "cuDevicePrimaryCtxRetain",
        "device " + ordinal);
  }

  /**
   * Opens a GPU and loads the kernels.
   *
   * @param ordinal the driver's number of the device, from 0
   * @throws CudaUnavailableException if there is none, or it cannot run the kernels
   */
  public static CudaDevice open(int ordinal) throws CudaUnavailableException {
    try {
      return openWithDriver(ordinal);
    } catch (LinkageError e) {
      throw new CudaUnavailableException(
          "no NVIDIA driver on this machine (libcuda.so.1 was not found)");
    } catch (CudaException e) {
      throw new CudaUnavailableException(
          "GPU %d did not start: %s".formatted(ordinal, e.getMessage()));
    }
  }

  private static CudaDevice openWithDriver(int ordinal) throws CudaUnavailableException {
    int started = JCudaDriver.cuInit(0);
    if (started == CUresult.CUDA_ERROR_NO_DEVICE) {
      throw new CudaUnavailableException("the NVIDIA driver sees no GPU");
    }
    if (started != CUresult.CUDA_SUCCESS) {
      throw new CudaUnavailableException(
          "the NVIDIA driver did not start: " + CudaException.words(started));
    }
    int[] version = new int[1];
    check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion", "driver");
    if (version[0] < CUDA_OF_PTX) {
      throw new CudaUnavailableException(
          "the NVIDIA driver is for CUDA %s, the kernels want %s: install driver 580 or newer"
              .formatted(release(version[0]), release(CUDA_OF_PTX)));
    }
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount", "driver");
    if (ordinal >= count[0]) {
      throw new CudaUnavailableException(
          "there is no GPU %d: the driver sees %d".formatted(ordinal, count[0]));
    }
    CUdevice device = new CUdevice();
    check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet", "device " + ordinal);
    int capability = computeCapability(device);
    if (capability < MIN_COMPUTE_CAPABILITY) {
      throw new CudaUnavailableException(
          "%s has compute capability %d.%d, at least 7.5 is needed"
              .formatted(nameOf(device), capability / 10, capability % 10));
    }
    CudaDevice opened = new CudaDevice(ordinal, device, version[0], capability);
    try {
      opened.load();
    } catch (CudaException | CudaUnavailableException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  /**
   * Memory of a device, all processes together.
   *
   * @param freeBytes what is left of it
   */
  public record Memory(long freeBytes, long totalBytes) {}

  /** The device's memory now. Any thread. */
  public Memory memory() {
    makeCurrent();
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo", name);
    return new Memory(free[0], total[0]);
  }

  private void load() throws CudaUnavailableException {
    long freeBytes = memory().freeBytes();
    if (freeBytes < MIN_FREE_BYTES) {
      throw new CudaUnavailableException(
          "%s has %d MiB of free memory, at least %d are needed: another process holds the rest"
              .formatted(name, freeBytes >> 20, MIN_FREE_BYTES >> 20));
    }
    for (String file : MODULES) {
      loadModule(file);
    }
  }

  private void loadModule(String file) throws CudaUnavailableException {
    byte[] ptx = resource(file + ".ptx");
    if (ptx == null) {
      throw new IllegalStateException(file + ".ptx is missing from the jar: build kernels again");
    }
    CUmodule module = new CUmodule();
    byte[] cubin = resource(cubinOf(file, ptx, capability));
    int result = CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
    if (cubin != null) {
      result = load(module, cubin);
      cubins += result == CUresult.CUDA_SUCCESS ? 1 : 0;
    }
    // Code that this driver does not take is no reason to stop: the PTX serves every GPU.
    if (result != CUresult.CUDA_SUCCESS) {
      result = load(module, ptx);
    }
    if (result == CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION) {
      throw new CudaUnavailableException(
          "the NVIDIA driver (CUDA %s) is too old for the kernels: install driver 580 or newer"
              .formatted(release(driverVersion)));
    }
    check(result, "cuModuleLoadDataEx", file + ".ptx");
    modules.add(module);
    CudaFunction.parametersOf(new String(ptx, StandardCharsets.US_ASCII))
        .forEach(
            (kernel, parameters) -> {
              CUfunction handle = new CUfunction();
              check(
                  JCudaDriver.cuModuleGetFunction(handle, module, kernel),
                  "cuModuleGetFunction",
                  kernel);
              functions.put(kernel, new CudaFunction(kernel, handle, parameters));
            });
  }

  /**
   * The name of the code for a GPU that was made from the same source as this PTX.
   *
   * @param capability compute capability without its point
   */
  static String cubinOf(String file, byte[] ptx, int capability) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(ptx);
      String start = HexFormat.of().formatHex(hash, 0, 8);
      return "%s.sm_%d.%s.cubin".formatted(file, capability, start);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static int load(CUmodule module, byte[] image) {
    // The driver reads PTX up to a zero byte.
    Pointer terminated = Pointer.to(Arrays.copyOf(image, image.length + 1));
    return JCudaDriver.cuModuleLoadDataEx(module, terminated, 0, new int[0], new Pointer());
  }

  private static byte @Nullable [] resource(String name) {
    try (InputStream in = CudaDevice.class.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }

  private static String nameOf(CUdevice device) {
    byte[] bytes = new byte[256];
    check(JCudaDriver.cuDeviceGetName(bytes, bytes.length, device), "cuDeviceGetName", device);
    return new String(bytes, StandardCharsets.US_ASCII).trim();
  }

  private static int computeCapability(CUdevice device) {
    return 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
        "cuDeviceGetAttribute",
        CUdevice_attribute.stringFor(attribute));
    return value[0];
  }

  private static String release(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Makes the context the calling thread's: each thread that uses the GPU does so once. */
  void makeCurrent() {
    check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent", name);
  }

  /**
   * @throws IllegalArgumentException if there is no such kernel
   */
  CudaFunction function(String kernel) {
    CudaFunction function = functions.get(kernel);
    if (function == null) {
      throw new IllegalArgumentException("No kernel is called " + kernel);
    }
    return function;
  }

  /** The device in words, e.g. {@code cuda:0 NVIDIA H100 80GB HBM3, 79 GiB, driver CUDA 13.0}. */
  @Override
  public String toString() {
    return "cuda:%d %s, %d MiB, driver for CUDA %s%s"
        .formatted(
            ordinal,
            name,
            totalBytes >> 20,
            release(driverVersion),
            cubins == 0 ? "" : ", %d of %d files as cubin".formatted(cubins, MODULES.size()));
  }

  /** Unloads the kernels and lets the context go. Sessions must be closed before. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    JCudaDriver.cuCtxSetCurrent(context);
    modules.forEach(JCudaDriver::cuModuleUnload);
    JCudaDriver.cuDevicePrimaryCtxRelease(device);
  }
}
