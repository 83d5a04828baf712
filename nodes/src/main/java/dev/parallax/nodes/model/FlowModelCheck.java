package dev.parallax.nodes.model;

import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserFlow;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs a flow network on pictures whose flow is known and says what is wrong with its answers. */
final class FlowModelCheck {
  private static final int TIMED_RUNS = 5;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int[] FRAMES = {0, 40, 90};

  private final UserFlow network;
  private final List<String> facts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private double error;
  private double swapped;
  private double motion;
  private long pixels;

  private FlowModelCheck(UserFlow network) {
    this.network = network;
  }

  /**
   * @param network not closed by this
   * @throws PriorException if the network fails
   */
  static ModelCheck.Report of(UserFlow network) throws PriorException {
    FlowModelCheck check = new FlowModelCheck(network);
    check.run();
    return new ModelCheck.Report(List.copyOf(check.facts), List.copyOf(check.complaints));
  }

  private void run() throws PriorException {
    facts.add("answers with %dx%d pixels, flow".formatted(network.width(), network.height()));
    try (SimulatedSequence room =
        SimulatedSequence.of(
            Scenes.named("room"), SimulationConfig.defaults(1, 100, 10).withSize(WIDTH, HEIGHT))) {
      for (int index : FRAMES) {
        SimulatedFrame from = room.frame(index);
        Picture to = room.frame(index + 1).frame().picture();
        add(network.estimate(from.frame().picture(), to, 1), from.forwardFlow());
      }
      judge();
      time(room.frame(0).frame().picture(), room.frame(1).frame().picture());
    }
    black();
  }

  private void add(float[] flow, FlowField truth) {
    float[] uv = truth.uv();
    for (int i = 0; i < uv.length; i += 2) {
      if (!Float.isNaN(uv[i])) {
        error += Math.hypot(flow[i] - uv[i], flow[i + 1] - uv[i + 1]);
        swapped += Math.hypot(flow[i] + uv[i], flow[i + 1] + uv[i + 1]);
        motion += Math.hypot(uv[i], uv[i + 1]);
        pixels++;
      }
    }
  }

  private void judge() {
    facts.add(
        String.format(
            Locale.ROOT,
            "simulated room, pictures of %dx%d: off by %.2f px in the mean, where points move by"
                + " %.2f px",
            WIDTH,
            HEIGHT,
            error / pixels,
            motion / pixels));
    if (swapped < error && swapped < motion) {
      complain("its flow goes from the second picture to the first; exchange the inputs");
    } else if (error >= motion) {
      complain(
          "says nothing of flow on a simulated room: no flow at all would be off by less; check"
              + " colours, mean and std, and that it answers in pixels of its input");
    }
  }

  private void time(Picture from, Picture to) throws PriorException {
    double[] milliseconds = new double[TIMED_RUNS];
    for (int i = 0; i < TIMED_RUNS; i++) {
      long start = System.nanoTime();
      float[] unused = network.estimate(from, to, 1);
      milliseconds[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(milliseconds);
    facts.add(
        String.format(
            Locale.ROOT,
            "%.1f ms a pair in the median of %d; a frame takes four pairs",
            milliseconds[TIMED_RUNS / 2],
            TIMED_RUNS));
  }

  /** A covered lens must not make it fail. */
  private void black() {
    Picture nothing = new Picture(WIDTH, HEIGHT, Picture.Format.MONO8, new byte[WIDTH * HEIGHT]);
    try {
      float[] unused = network.estimate(nothing, nothing, 1);
      facts.add("takes black pictures");
    } catch (PriorException e) {
      complain("fails on black pictures: " + e.getMessage());
    }
  }

  private void complain(String what) {
    complaints.add("%s: %s".formatted(network.name(), what));
  }
}
