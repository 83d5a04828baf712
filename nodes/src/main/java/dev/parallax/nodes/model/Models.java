package dev.parallax.nodes.model;

import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.NetworkRunner;
import dev.parallax.perception.prior.OnnxRunner;
import dev.parallax.perception.prior.OwnPrior;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserFlow;
import dev.parallax.perception.prior.UserPrior;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens depth and flow networks from files. */
public final class Models {
  private Models() {}

  /** The name of the network that is shipped. */
  public static final String BUILT_IN = "built-in";

  private static final String BUILT_IN_RESOURCE = "/dev/parallax/perception/prior/depth.onnx";

  /**
   * The network that is shipped, for {@value #BUILT_IN}, or one from a file.
   *
   * @throws ModelException if it cannot be read or run
   */
  public static DepthPrior named(String name, NetworkPlace place) {
    return name.equals(BUILT_IN) ? builtIn(place) : open(Path.of(name), place);
  }

  private static DepthPrior builtIn(NetworkPlace place) {
    try {
      return new OwnPrior("the built-in network", OnnxRunner.of(builtInBytes(), place));
    } catch (IOException | PriorException e) {
      throw new ModelException(
          "the built-in network cannot be run: %s; go without it".formatted(e.getMessage()), e);
    }
  }

  private static byte[] builtInBytes() throws IOException {
    try (InputStream in = Models.class.getResourceAsStream(BUILT_IN_RESOURCE)) {
      if (in == null) {
        throw new ModelException("the built-in network is missing from this build; build again");
      }
      return in.readAllBytes();
    }
  }

  /**
   * The ONNX file of one of Parallax's own networks, to be learned on.
   *
   * @throws ModelException if it is none or cannot be read
   */
  public static byte[] ownBytes(String name) {
    try {
      if (name.equals(BUILT_IN)) {
        return builtInBytes();
      }
      Path file = Path.of(name);
      if (!name.endsWith(".onnx")) {
        throw new ModelException(
            file + ": only Parallax's own networks can be refined: built-in, or .onnx from train");
      }
      if (!Files.isRegularFile(file)) {
        throw new ModelException(file + ": no such file; check the path");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelException("%s: cannot be read (%s)".formatted(name, e), e);
    }
  }

  /**
   * A network that {@code train} left ({@code .onnx}), or a user's own by its description ({@code
   * .yaml}).
   *
   * @throws ModelException if a file cannot be read or run
   */
  public static DepthPrior open(Path file, NetworkPlace place) {
    return isDescription(file) ? user(file, place) : own(file, place);
  }

  static boolean isDescription(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  static UserPrior user(Path yaml, NetworkPlace place) {
    UserModelYaml.Description description = UserModelYaml.read(yaml);
    if (description.model().output().isFlow()) {
      throw new ModelException(yaml + ": answers with flow, not depth; give it to --flow-model");
    }
    Path file = description.file();
    return new UserPrior(file.toString(), description.model(), runner(file, place));
  }

  /** Whether a file describes a flow network; false also where it cannot be read. */
  static boolean isFlow(Path file) {
    try {
      return isDescription(file) && UserModelYaml.read(file).model().output().isFlow();
    } catch (ModelException e) {
      return false; // said by whoever opens it
    }
  }

  /**
   * A user's own flow network by its description ({@code .yaml}).
   *
   * @throws ModelException if a file cannot be read or run, or its output is a depth
   */
  public static UserFlow openFlow(Path yaml, NetworkPlace place) {
    if (!isDescription(yaml)) {
      throw new ModelException(
          yaml + ": describe a flow network in a .yaml file (models check --help shows one)");
    }
    UserModelYaml.Description description = UserModelYaml.read(yaml);
    if (!description.model().output().isFlow()) {
      throw new ModelException(yaml + ": answers with depth, not flow; give it to --depth-prior");
    }
    Path file = description.file();
    return new UserFlow(file.toString(), description.model(), pairRunner(file, place));
  }

  private static DepthPrior own(Path file, NetworkPlace place) {
    if (!file.toString().endsWith(".onnx")) {
      throw new ModelException(
          file
              + ": neither .onnx as train writes it nor .yaml; describe a network of your own in a"
              + " .yaml file (models check --help shows one)");
    }
    return new OwnPrior(file.toString(), runner(file, place));
  }

  private static NetworkRunner runner(Path file, NetworkPlace place) {
    return opened(file, place, OnnxRunner::of);
  }

  private static NetworkRunner pairRunner(Path file, NetworkPlace place) {
    return opened(file, place, OnnxRunner::ofPair);
  }

  private interface OnnxOpener {
    NetworkRunner open(byte[] model, NetworkPlace place) throws PriorException;
  }

  private static NetworkRunner opened(Path file, NetworkPlace place, OnnxOpener onnx) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + ": no such file; check the path");
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".onnx")) {
        return onnx.open(Files.readAllBytes(file), place);
      }
      if (name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".torchscript")) {
        return TorchScriptRunner.open(file, place);
      }
    } catch (PriorException e) {
      throw new ModelException("%s: %s; export it again".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new ModelException("%s: cannot be read (%s)".formatted(file, e), e);
    }
    throw new ModelException(
        file
            + ": not a kind of model that is understood; export it as .onnx or as TorchScript .pt");
  }
}
