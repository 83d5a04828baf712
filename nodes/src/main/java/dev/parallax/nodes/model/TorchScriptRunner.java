package dev.parallax.nodes.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.NetworkRunner;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.Tensor;
import dev.parallax.perception.prior.TorchRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * Runs a TorchScript network by PyTorch: on a GPU where that is wished for and can be, or the CPU.
 */
final class TorchScriptRunner implements NetworkRunner {
  private final Model model;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final String where;

  private TorchScriptRunner(Model model, String where) {
    this.model = model;
    this.where = where;
    manager = model.getNDManager();
    parameters = new ParameterStore(manager, false);
  }

  /**
   * @throws PriorException if it is no TorchScript that runs on this machine
   */
  static TorchScriptRunner open(Path file, NetworkPlace place) throws PriorException {
    int gpus = TorchRuntime.start(place.threads()).getGpuCount();
    int wanted = place.gpu().orElse(Integer.MAX_VALUE);
    Device device = wanted < gpus ? Device.gpu(wanted) : Device.cpu();
    Model model = Model.newInstance(file.toString(), device, "PyTorch");
    try (InputStream in = Files.newInputStream(file)) {
      model.load(in);
      return new TorchScriptRunner(model, where(place, gpus));
    } catch (IOException | MalformedModelException | EngineException e) {
      model.close();
      throw new PriorException(
          "PyTorch does not take it as TorchScript: " + firstLine(e) + remedy(e), e);
    }
  }

  @Override
  public String engine() {
    return "PyTorch %s %s".formatted(manager.getEngine().getVersion(), where);
  }

  private static String where(NetworkPlace place, int gpus) {
    if (place.gpu().isEmpty()) {
      return "on the CPU: a GPU was not asked for";
    }
    int wanted = place.gpu().getAsInt();
    return wanted < gpus ? "on GPU " + wanted : "on the CPU: its build sees no GPU " + wanted;
  }

  @Override
  public Tensor run(Tensor input) throws PriorException {
    return forward(List.of(input), answers -> 0);
  }

  /** The last answer counts: networks that search by steps put out each step. */
  @Override
  public Tensor run(Tensor first, Tensor second) throws PriorException {
    return forward(List.of(first, second), answers -> answers - 1);
  }

  private Tensor forward(List<Tensor> inputs, IntUnaryOperator which) throws PriorException {
    try (NDManager scope = manager.newSubManager()) {
      NDList in = new NDList();
      for (Tensor input : inputs) {
        in.add(scope.create(input.values(), new Shape(input.shape())));
      }
      NDList answers = model.getBlock().forward(parameters, in, false);
      answers.attach(scope);
      NDArray out = answers.get(which.applyAsInt(answers.size()));
      return new Tensor(out.toFloatArray(), out.getShape().getShape());
    } catch (EngineException | IllegalStateException | IndexOutOfBoundsException e) {
      throw new PriorException("it fails on its input: " + firstLine(e) + remedy(e), e);
    }
  }

  private static String remedy(Exception e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("cuda") || message.contains("nvidia")
        ? " (it wants a GPU and networks run on the CPU here: move it there before the export,"
            + " model.cpu())"
        : "";
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("no reason given");
  }

  @Override
  public void close() {
    model.close();
  }
}
