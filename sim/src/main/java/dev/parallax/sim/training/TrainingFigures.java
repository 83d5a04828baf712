package dev.parallax.sim.training;

/**
 * How a network does on views it never learned from.
 *
 * @param absRel mean |D' − D| / D in metres as predicted
 * @param absRelScaled the same after each picture's median scale
 * @param delta1Scaled share within a factor of 1.25 after that scale
 * @param absRelKnown as {@code absRelScaled}, where part of the depth was given
 * @param oneSigma share of |e − ē| within one predicted standard deviation
 */
public record TrainingFigures(
    double absRel, double absRelScaled, double delta1Scaled, double absRelKnown, double oneSigma) {}
