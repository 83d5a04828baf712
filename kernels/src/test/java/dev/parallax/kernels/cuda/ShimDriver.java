package dev.parallax.kernels.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Assumptions;

/**
 * A {@code libcuda.so.1} that runs the kernels on the CPU: the .cu files compiled by g++, and the
 * part of the driver's interface that the host code calls. See {@code src/test/cuda/cuda_shim.h}.
 *
 * <p>Once loaded, JCuda's own library finds it by its name, so everything from the Java code down
 * to the source of the kernels is what runs on a GPU; only the machine below differs.
 */
final class ShimDriver {
  static final Path CUDA = Path.of("src/main/cuda");
  static final Path SHIM = Path.of("src/test/cuda");
  private static final Path BUILD = Path.of("target/cuda-shim");

  /** No contraction and no reordering: the same arithmetic as {@code nvcc -fmad=false}. */
  private static final List<String> FLAGS =
      List.of("-std=c++17", "-O2", "-fPIC", "-ffp-contract=off", "-fno-strict-aliasing", "-w");

  /** What the shim counts, as its attributes of a device: see driver.cpp. */
  enum Count {
    WAITS,
    UPLOADS,
    DOWNLOADS,
    LAUNCHES,
    ALLOCATIONS,
    GRAPHS,
    PENDING;

    /** How often so far in this process. */
    int now() {
      CUdevice device = new CUdevice();
      JCudaDriver.cuDeviceGet(device, 0);
      int[] value = new int[1];
      JCudaDriver.cuDeviceGetAttribute(value, 1_000_000 + ordinal(), device);
      return value[0];
    }
  }

  private ShimDriver() {}

  /** Builds the library if its sources changed, and loads it into this process. */
  static void load() {
    System.load(build().toAbsolutePath().toString());
  }

  /**
   * @return the folder with {@code libcuda.so.1}, built if its sources changed
   */
  static Path build() {
    if (!isThere("g++")) {
      Assumptions.abort("NOT RUN: g++ is missing; on Debian: apt-get install g++");
    }
    try {
      Path library = BUILD.resolve(hashOfSources()).resolve("libcuda.so.1");
      if (!Files.exists(library)) {
        compile(library);
      }
      nameCurrent(library.getParent());
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isThere(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** Where the tests of other modules find it, and launch/gpu-check: {@code current}. */
  private static void nameCurrent(Path folder) throws IOException {
    Path current = BUILD.resolve("current");
    if (!Files.isSymbolicLink(current)
        || !Files.readSymbolicLink(current).equals(folder.getFileName())) {
      Files.deleteIfExists(current);
      Files.createSymbolicLink(current, folder.getFileName());
    }
  }

  private static void compile(Path library) throws IOException {
    Path folder = Files.createDirectories(library.getParent());
    List<Process> running = new ArrayList<>();
    List<String> objects = new ArrayList<>();
    for (Path source : sources()) {
      String name = source.getFileName().toString();
      if (name.endsWith(".cu") || name.endsWith(".cpp")) {
        String object = folder.resolve(name + ".o").toString();
        objects.add(object);
        List<String> command = new ArrayList<>(List.of("g++"));
        command.addAll(FLAGS);
        command.addAll(List.of("-I" + SHIM, "-I" + CUDA, "-fvisibility=hidden", "-c"));
        if (name.endsWith(".cu")) {
          command.addAll(List.of("-include", "cuda_shim.h", "-x", "c++"));
        }
        command.addAll(List.of(source.toString(), "-o", object));
        running.add(new ProcessBuilder(command).inheritIO().start());
      }
    }
    running.forEach(ShimDriver::await);
    Path fresh = folder.resolve("fresh.so");
    List<String> link = new ArrayList<>(List.of("g++", "-shared", "-Wl,-soname,libcuda.so.1"));
    link.addAll(objects);
    link.addAll(List.of("-o", fresh.toString()));
    await(new ProcessBuilder(link).inheritIO().start());
    Files.move(fresh, library);
  }

  static void await(Process process) {
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("g++ failed; its own words are above");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> cuda = Files.list(CUDA);
        Stream<Path> shim = Files.list(SHIM)) {
      return Stream.concat(cuda, shim).sorted().toList();
    }
  }

  private static String hashOfSources() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(FLAGS.toString().getBytes(StandardCharsets.UTF_8));
      for (Path source : sources()) {
        digest.update(Files.readAllBytes(source));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
