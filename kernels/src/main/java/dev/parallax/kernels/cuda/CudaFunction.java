package dev.parallax.kernels.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUfunction;

/**
 * A kernel and what its PTX says it takes, so that a launch with other arguments is refused before
 * the GPU reads them.
 */
record CudaFunction(String name, CUfunction handle, List<Parameter> parameters) {
  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(([^)]*)\\)");
  private static final Pattern PARAMETER =
      Pattern.compile("\\.param (?:\\.align \\d+ )?\\.(\\w+)\\s[^,\\[]*(?:\\[(\\d+)\\])?");

  /** What one argument is; the name is the PTX type, or bytes for a structure. */
  record Parameter(String type, int bytes) {
    static final Parameter ADDRESS = new Parameter("u64", 8);
    static final Parameter INT = new Parameter("u32", 4);
    static final Parameter FLOAT = new Parameter("f32", 4);
    static final Parameter DOUBLE = new Parameter("f64", 8);

    static Parameter structure(int bytes) {
      return new Parameter("b8", bytes);
    }

    private static Parameter of(String type, int extent) {
      return switch (type) {
        case "u64", "s64", "b64" -> ADDRESS;
        case "u32", "s32", "b32" -> INT;
        case "f32" -> FLOAT;
        case "f64" -> DOUBLE;
        case "b8" -> structure(extent);
        default -> new Parameter(type, extent);
      };
    }
  }

  /** The parameters of every kernel in a PTX file. */
  static Map<String, List<Parameter>> parametersOf(String ptx) {
    Map<String, List<Parameter>> kernels = new HashMap<>();
    Matcher entry = ENTRY.matcher(ptx);
    while (entry.find()) {
      List<Parameter> parameters = new ArrayList<>();
      Matcher parameter = PARAMETER.matcher(entry.group(2));
      while (parameter.find()) {
        String extent = parameter.group(2);
        parameters.add(
            Parameter.of(parameter.group(1), extent == null ? 0 : Integer.parseInt(extent)));
      }
      kernels.put(entry.group(1), List.copyOf(parameters));
    }
    return kernels;
  }
}
