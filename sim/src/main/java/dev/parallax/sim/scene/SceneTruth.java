package dev.parallax.sim.scene;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;

/**
 * Exact truth at the centre of every pixel of one picture.
 *
 * @param depth along optical z, std 0; +Inf for sky
 * @param forwardFlow where the surface point will be in the next picture, by geometry alone: also
 *     where something will hide it
 * @param backwardFlow where it was in the previous picture
 * @param sceneFlow the point's velocity in the world at this instant, along this camera's axes,
 *     m/s; 0 for what is still, NaN for sky
 * @param movingMask moving where that speed is over 2 cm/s
 */
public record SceneTruth(
    DepthMap depth,
    FlowField forwardFlow,
    FlowField backwardFlow,
    SceneFlowField sceneFlow,
    MovingMask movingMask) {}
