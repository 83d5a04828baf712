package dev.parallax.perception.prior;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.Map;

/** Runs an ONNX network by ONNX Runtime on the CPU, with a fixed number of threads that sleep. */
public final class OnnxRunner implements NetworkRunner {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;

  private OnnxRunner(OrtEnvironment environment, OrtSession session, String input) {
    this.environment = environment;
    this.session = session;
    this.input = input;
  }

  /**
   * @param model the file's bytes
   * @throws PriorException if it is no ONNX file that this machine can run, or takes more than one
   *     picture at once
   */
  public static OnnxRunner of(byte[] model, int threads) throws PriorException {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession session;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        session = environment.createSession(model, options);
      }
      return checked(environment, session);
    } catch (OrtException e) {
      throw new PriorException("ONNX Runtime does not take it: " + firstLine(e), e);
    } catch (LinkageError e) {
      throw new PriorException(
          "ONNX Runtime cannot be started on this machine (%s); it needs Linux on x86-64"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static OnnxRunner checked(OrtEnvironment environment, OrtSession session)
      throws OrtException, PriorException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1 || session.getNumOutputs() < 1) {
      session.close();
      throw new PriorException(
          "it has %d inputs (%s) and %d outputs; one input is supported"
              .formatted(
                  inputs.size(), String.join(", ", inputs.keySet()), session.getNumOutputs()));
    }
    NodeInfo only = inputs.values().iterator().next();
    if (!(only.getInfo() instanceof TensorInfo info)
        || info.onnxType != TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
      session.close();
      throw new PriorException("its input is not a tensor of 32-bit floats: " + only.getInfo());
    }
    return new OnnxRunner(environment, session, only.getName());
  }

  @Override
  public String engine() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Tensor run(Tensor given) throws PriorException {
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(given.values()), given.shape());
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      if (!(result.get(0) instanceof OnnxTensor out)) {
        throw new PriorException("its first output is no tensor");
      }
      FloatBuffer buffer = out.getFloatBuffer();
      if (buffer == null) {
        throw new PriorException("its first output is not of floats: " + out.getInfo());
      }
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return new Tensor(values, out.getInfo().getShape());
    } catch (OrtException e) {
      throw new PriorException("it fails on its input: " + firstLine(e), e);
    }
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
