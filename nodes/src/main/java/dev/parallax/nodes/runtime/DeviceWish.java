package dev.parallax.nodes.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the kernels are to run.
 *
 * @param kind what was asked for
 * @param ordinal the driver's number of the GPU, from 0
 */
public record DeviceWish(Kind kind, int ordinal) {
  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /** What may be asked for. */
  public enum Kind {
    /** The first GPU if it can be used, else the CPU. */
    AUTO,
    CPU,
    /** This GPU or none. */
    CUDA
  }

  /** A GPU if there is one. */
  public static DeviceWish auto() {
    return new DeviceWish(Kind.AUTO, 0);
  }

  /**
   * @param text {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws IllegalArgumentException if it is none of these
   */
  public static DeviceWish parse(String text) {
    if (text.equals("auto")) {
      return auto();
    }
    if (text.equals("cpu")) {
      return new DeviceWish(Kind.CPU, 0);
    }
    Matcher cuda = CUDA.matcher(text);
    if (!cuda.matches()) {
      throw new IllegalArgumentException("--device is auto, cpu or cuda:0, got " + text);
    }
    return new DeviceWish(Kind.CUDA, cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
  }

  @Override
  public String toString() {
    return kind == Kind.CUDA ? "cuda:" + ordinal : kind == Kind.CPU ? "cpu" : "auto";
  }
}
