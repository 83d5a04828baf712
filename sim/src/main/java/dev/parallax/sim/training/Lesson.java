package dev.parallax.sim.training;

import java.util.List;
import java.util.Random;

/**
 * What is learned from in one step: a view, or a mirrored or enlarged part of it.
 *
 * @param sample with inverse depth in the recording's unit, 0 where unknown
 * @param weight {@code [h w]} of the network's answer, 0 where unknown
 */
record Lesson(TrainingSample sample, float[] weight, List<FlowView> flows) {
  static Lesson of(ViewNeighbours.Linked linked) {
    return new Lesson(linked.view().sample(), linked.view().weight(), linked.flows());
  }

  Lesson mirrored() {
    TrainingSample other = sample.mirrored();
    int width = sample.camera().width() / 2;
    float[] mirrored = new float[weight.length];
    for (int i = 0; i < mirrored.length; i++) {
      // The pixels that an answer is held against lie elsewhere in a mirror: some have no depth.
      boolean known = other.inverseDepth()[other.answered(i)] > 0;
      mirrored[i] = known ? weight[i / width * width + width - 1 - i % width] : 0;
    }
    return new Lesson(other, mirrored, flows.stream().map(flow -> flow.mirrored(width)).toList());
  }

  Lesson cropped(Random random) {
    ViewCrop crop = ViewCrop.draw(sample.camera(), random);
    TrainingSample part = crop.of(sample);
    return new Lesson(part, crop.weight(weight, part), crop.flows(flows, sample.camera()));
  }
}
