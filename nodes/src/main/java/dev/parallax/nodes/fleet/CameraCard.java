package dev.parallax.nodes.fleet;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One camera of one group of nodes, as the fleet's page shows it.
 *
 * @param state PUBLISHED, SKIPPED, LOST or DEAD_LETTER: what became of the last frame
 * @param trouble why, in words; empty where it was published
 * @param node who worked on the last frame
 * @param model names the model and configuration
 * @param takeovers how often the session changed hands
 * @param secondsSinceFrame since the last result came
 * @param perSecond results a second, over the last ten seconds
 * @param outcomes frames by what became of them, since the page watches
 * @param nodeP50Ms from a frame's arrival at the node to the hand-over of its result
 * @param path x, y of the last positions in odom, oldest first
 * @param unit of the path
 * @param hasDepth whether there is a picture of depth to be had
 */
public record CameraCard(
    String namespace,
    String camera,
    String state,
    String trouble,
    String node,
    String model,
    int takeovers,
    double secondsSinceFrame,
    double perSecond,
    Map<String, Long> outcomes,
    @Nullable Double nodeP50Ms,
    @Nullable Double nodeP99Ms,
    List<double[]> path,
    String unit,
    boolean hasDepth) {}
