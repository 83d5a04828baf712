package dev.parallax.sim.bench;

import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long one simulated frame takes with all its truth, along the scene's own trajectory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RendererBench {
  private static final int FRAMES = 200;

  @Param({"room", "street"})
  String scene = "room";

  @Param({"320", "640"})
  int width = 640;

  @Param({"1", "2"})
  int threads = 2;

  @SuppressWarnings("NullAway.Init") // set before each trial
  private SimulatedSequence sequence;

  private int next;

  @Setup
  public void stage() {
    SimulationConfig config =
        SimulationConfig.defaults(1, FRAMES, 20)
            .withSize(width, width * 3 / 4)
            .withThreads(threads);
    sequence = SimulatedSequence.of(Scenes.named(scene), config);
  }

  @Benchmark
  public SimulatedFrame frame() {
    next = (next + 1) % FRAMES;
    return sequence.frame(next);
  }

  @TearDown
  public void close() {
    sequence.close();
  }
}
