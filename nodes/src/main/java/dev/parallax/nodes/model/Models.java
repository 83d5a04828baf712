package dev.parallax.nodes.model;

import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkRunner;
import dev.parallax.perception.prior.OnnxRunner;
import dev.parallax.perception.prior.OwnPrior;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserPrior;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens depth networks from files. */
public final class Models {
  private Models() {}

  /**
   * A network that {@code train} left ({@code .onnx}), or a user's own by its description ({@code
   * .yaml}).
   *
   * @throws ModelException if a file cannot be read or run
   */
  public static DepthPrior open(Path file, int threads) {
    return isDescription(file) ? user(file, threads) : own(file, threads);
  }

  static boolean isDescription(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  static UserPrior user(Path yaml, int threads) {
    UserModelYaml.Description description = UserModelYaml.read(yaml);
    Path file = description.file();
    return new UserPrior(file.toString(), description.model(), runner(file, threads));
  }

  private static DepthPrior own(Path file, int threads) {
    if (!file.toString().endsWith(".onnx")) {
      throw new ModelException(
          file
              + ": neither .onnx as train writes it nor .yaml; describe a network of your own in a"
              + " .yaml file (models check --help shows one)");
    }
    return new OwnPrior(file.toString(), runner(file, threads));
  }

  static NetworkRunner runner(Path file, int threads) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + ": no such file; check the path");
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".onnx")) {
        return OnnxRunner.of(Files.readAllBytes(file), threads);
      }
      if (name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".torchscript")) {
        return TorchScriptRunner.open(file, threads);
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
