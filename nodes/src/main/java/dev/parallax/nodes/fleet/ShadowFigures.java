package dev.parallax.nodes.fleet;

import org.jspecify.annotations.Nullable;

/**
 * How far two groups of nodes differ on the same frames of one camera, over the last frames that
 * both have answered. Null where it cannot be told yet.
 *
 * @param frames answered by both and compared, in all
 * @param unmatched answered by one only, so far
 * @param bothPublished share of the compared frames that both published, 0..1
 * @param poseDrift how far the shadow's motion over the window ends from the other's, over the
 *     length of the other's way; after one scale where a unit is relative
 * @param poseDriftDeg the same of the rotation, degrees
 * @param scaleRatio length of the other's way over the shadow's: 1 if both are metric and right
 * @param depthDisagreement median over frames of the mean of |d - s d'| / d over pixels that both
 *     know; s is 1 where both are metric, else the frame's median ratio
 * @param depthRatio median of d / d'
 * @param taePercent TAE of the first group's depth by its own poses, percent: how steady it is
 * @param shadowTaePercent that of the shadow
 * @param nodeMs the first group's median time a frame, milliseconds
 * @param shadowNodeMs the shadow's
 */
public record ShadowFigures(
    String namespace,
    String shadow,
    String camera,
    long frames,
    long unmatched,
    @Nullable Double bothPublished,
    @Nullable Double poseDrift,
    @Nullable Double poseDriftDeg,
    @Nullable Double scaleRatio,
    @Nullable Double depthDisagreement,
    @Nullable Double depthRatio,
    @Nullable Double taePercent,
    @Nullable Double shadowTaePercent,
    @Nullable Double nodeMs,
    @Nullable Double shadowNodeMs) {}
