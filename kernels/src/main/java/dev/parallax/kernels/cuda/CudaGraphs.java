package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of launches that come again with the same arguments: done one by one the first time,
 * when they may take memory, captured as a CUDA graph the second, and from then on sent to the GPU
 * as a whole.
 */
final class CudaGraphs implements AutoCloseable {
  /** Buffers of frames take turns in few addresses, so that few graphs serve all frames. */
  private static final int MAX_GRAPHS = 32;

  /** Keys remembered while they wait for their second time. */
  private static final int MAX_SEEN = 256;

  private final CUstream stream;
  private final Set<Object> seen = new HashSet<>();
  private final Map<Object, CUgraphExec> graphs = new LinkedHashMap<>();
  private @Nullable Object memory;
  private long launches;

  CudaGraphs(CUstream stream) {
    this.stream = stream;
  }

  /**
   * @param memoryOf what the size of the memory that the work takes for itself depends on: with
   *     another value that memory may move, so that all graphs are forgotten
   * @param key whatever the arguments of the work's launches depend on
   * @param work launches, fills and copies on the device; no waits, no copies of the host
   */
  void run(Object memoryOf, Object key, Runnable work) {
    if (!memoryOf.equals(memory)) {
      close();
      memory = memoryOf;
    }
    CUgraphExec graph = graphs.get(key);
    if (graph == null && seen.size() >= MAX_SEEN) {
      seen.clear();
    }
    if (graph == null && seen.add(key)) {
      work.run();
      return;
    }
    if (graph == null) {
      forgetOldest();
      graph = capture(work);
      graphs.put(key, graph);
    }
    check(JCudaDriver.cuGraphLaunch(graph, stream), "cuGraphLaunch", key);
    launches++;
  }

  /** Graphs sent to the GPU so far. */
  long launches() {
    return launches;
  }

  private CUgraphExec capture(Runnable work) {
    check(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture",
        "a graph");
    CUgraph graph = new CUgraph();
    int captured;
    try {
      work.run();
    } finally {
      captured = JCudaDriver.cuStreamEndCapture(stream, graph);
    }
    check(captured, "cuStreamEndCapture", "a graph");
    CUgraphExec ready = new CUgraphExec();
    int made = JCudaDriver.cuGraphInstantiate(ready, graph, 0);
    JCudaDriver.cuGraphDestroy(graph);
    check(made, "cuGraphInstantiate", "a graph");
    return ready;
  }

  private void forgetOldest() {
    if (graphs.size() == MAX_GRAPHS) {
      Object oldest = graphs.keySet().iterator().next();
      JCudaDriver.cuGraphExecDestroy(graphs.remove(oldest));
    }
  }

  /** Forgets all graphs; the driver lets those finish that are under way. */
  @Override
  public void close() {
    graphs.values().forEach(JCudaDriver::cuGraphExecDestroy);
    graphs.clear();
    seen.clear();
  }
}
