package dev.parallax.perception.prior;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Runs an ONNX network by ONNX Runtime: on a GPU where that is wished for and the build has the
 * provider for it, else on the CPU with a fixed number of threads that sleep.
 */
public final class OnnxRunner implements NetworkRunner {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<String> inputs; // in the file's order
  private final String where;

  private OnnxRunner(
      OrtEnvironment environment, OrtSession session, List<String> inputs, String where) {
    this.environment = environment;
    this.session = session;
    this.inputs = inputs;
    this.where = where;
  }

  /**
   * A session and where it runs.
   *
   * @param where in words, and why
   */
  private record Opened(OrtSession session, String where) {}

  /**
   * A network of one input, whose first output is its answer.
   *
   * @param model the file's bytes
   * @throws PriorException if it is no ONNX file that this machine can run, or takes more than one
   *     picture at once
   */
  public static OnnxRunner of(byte[] model, NetworkPlace place) throws PriorException {
    return of(model, place, 1);
  }

  /**
   * A network of two inputs, whose last output is its answer: those that search by steps put out
   * each step.
   *
   * @param model the file's bytes
   * @throws PriorException if it is no ONNX file that this machine can run, or takes another number
   *     of pictures
   */
  public static OnnxRunner ofPair(byte[] model, NetworkPlace place) throws PriorException {
    return of(model, place, 2);
  }

  private static OnnxRunner of(byte[] model, NetworkPlace place, int wanted) throws PriorException {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return checked(environment, open(environment, model, place), wanted);
    } catch (OrtException e) {
      throw new PriorException("ONNX Runtime does not take it: " + firstLine(e), e);
    } catch (LinkageError e) {
      throw new PriorException(
          "ONNX Runtime cannot be started on this machine (%s); it needs Linux on x86-64"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static Opened open(OrtEnvironment environment, byte[] model, NetworkPlace place)
      throws OrtException {
    String why = "its CUDA provider was not asked for";
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      why = "its CUDA provider is not in this build";
    } else if (place.gpu().isPresent()) {
      int ordinal = place.gpu().getAsInt();
      try (OrtSession.SessionOptions options = options(place)) {
        options.addCUDA(ordinal);
        OrtSession session = environment.createSession(model, options);
        return new Opened(session, "on GPU %d by its CUDA provider".formatted(ordinal));
      } catch (OrtException e) {
        why = "its CUDA provider cannot use GPU %d (%s)".formatted(ordinal, firstLine(e));
      }
    }
    try (OrtSession.SessionOptions options = options(place)) {
      return new Opened(environment.createSession(model, options), "on the CPU: " + why);
    }
  }

  private static OrtSession.SessionOptions options(NetworkPlace place) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(place.threads());
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    return options;
  }

  private static OnnxRunner checked(OrtEnvironment environment, Opened opened, int wanted)
      throws OrtException, PriorException {
    OrtSession session = opened.session();
    List<String> inputs = List.copyOf(session.getInputNames());
    long outputs = session.getNumOutputs();
    if (inputs.size() != wanted || outputs < 1) {
      session.close();
      throw new PriorException(
          "it has %d inputs (%s) and %d outputs; %s"
              .formatted(
                  inputs.size(),
                  String.join(", ", inputs),
                  outputs,
                  wanted == 1 ? "one input is supported" : "flow is of two pictures, two inputs"));
    }
    for (NodeInfo each : session.getInputInfo().values()) {
      if (!(each.getInfo() instanceof TensorInfo info)
          || info.onnxType != TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
        session.close();
        throw new PriorException("its input is not a tensor of 32-bit floats: " + each.getInfo());
      }
    }
    return new OnnxRunner(environment, session, inputs, opened.where());
  }

  @Override
  public String engine() {
    return "ONNX Runtime %s %s".formatted(environment.getVersion(), where);
  }

  @Override
  public Tensor run(Tensor given) throws PriorException {
    try (OnnxTensor tensor = tensor(given);
        OrtSession.Result result = session.run(Map.of(inputs.get(0), tensor))) {
      return answer(result.get(0));
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public Tensor run(Tensor first, Tensor second) throws PriorException {
    if (inputs.size() != 2) {
      throw new PriorException("it takes one picture, not two");
    }
    try (OnnxTensor from = tensor(first);
        OnnxTensor to = tensor(second);
        OrtSession.Result result = session.run(Map.of(inputs.get(0), from, inputs.get(1), to))) {
      return answer(result.get(result.size() - 1));
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private OnnxTensor tensor(Tensor given) throws OrtException {
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(given.values()), given.shape());
  }

  private static Tensor answer(OnnxValue value) throws PriorException {
    if (!(value instanceof OnnxTensor out)) {
      throw new PriorException("its output is no tensor");
    }
    FloatBuffer buffer = out.getFloatBuffer();
    if (buffer == null) {
      throw new PriorException("its output is not of floats: " + out.getInfo());
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new Tensor(values, out.getInfo().getShape());
  }

  private static PriorException failed(OrtException e) {
    return new PriorException("it fails on its input: " + firstLine(e), e);
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not let go of a session", e);
    }
  }
}
