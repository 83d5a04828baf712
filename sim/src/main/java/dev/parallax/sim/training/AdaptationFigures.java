package dev.parallax.sim.training;

/**
 * How a network does on views of a recording without true depth: against what the pipeline
 * triangulated there, each picture at its own scale.
 *
 * @param views how many were judged
 * @param absRel mean |D' − D| / D against triangulated depth, told nothing
 * @param absRelKnown likewise where half of the picture was told, on the other half
 * @param flowPx median distance between where its depth says that a pixel goes and where dense flow
 *     finds it, told nothing; pixels of the network's answer, the better neighbour counts
 */
public record AdaptationFigures(int views, double absRel, double absRelKnown, double flowPx) {}
