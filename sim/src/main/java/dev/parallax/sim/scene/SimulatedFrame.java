package dev.parallax.sim.scene;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.Se3;

/**
 * One simulated picture with all that is true of it. The fields lie on the picture's own grid; see
 * {@link SceneTruth} for what each means.
 *
 * @param T_world_cam maps points from the camera's optical frame to the world (z up), metres
 */
public record SimulatedFrame(
    CameraFrame frame,
    Se3 T_world_cam,
    DepthMap depth,
    FlowField forwardFlow,
    FlowField backwardFlow,
    SceneFlowField sceneFlow,
    MovingMask movingMask) {}
