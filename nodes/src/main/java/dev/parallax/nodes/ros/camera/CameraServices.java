package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosPoseWithCovariance;
import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code reset}, {@code pause}, {@code resume}, {@code step}, {@code save_map}, {@code load_map}
 * (std_srvs/Trigger) and {@code set_pose} (robot_localization/SetPose, also as the topic {@code
 * /initialpose} that RViz sends).
 */
final class CameraServices implements AutoCloseable {
  private static final String INITIAL_POSE = "/initialpose";

  private final RosNode node;
  private final RosCameraConfig config;
  private final Placement placement;
  private final RosCameraSink sink;
  private final List<AutoCloseable> provided = new ArrayList<>();
  private final RosSubscription initialPose;

  CameraServices(
      RosNode node,
      RosCameraConfig config,
      PauseControl pause,
      Placement placement,
      RosCameraSink sink,
      Runnable restart,
      Consumer<VoxelBlockMap> mapLoaded) {
    this.node = node;
    this.config = config;
    this.placement = placement;
    this.sink = sink;
    trigger("reset", () -> done(restart, "path, model and map begin anew with the next frame"));
    trigger("pause", () -> done(pause::pause, "paused"));
    trigger("resume", () -> done(pause::resume, "resumed"));
    trigger("step", () -> done(pause::step, "the next frame will be worked on"));
    trigger("save_map", this::saveMap);
    trigger("load_map", () -> loadMap(mapLoaded));
    provided.add(
        node.provide(
            config.result("set_pose"),
            RosServiceType.SET_POSE,
            (request, response) -> setPose(request, config.result("set_pose"))));
    initialPose =
        node.subscribe(
            INITIAL_POSE,
            RosType.of(Ros1Type.POSE_WITH_COVARIANCE_STAMPED),
            SubscribeOptions.defaults(),
            delivery -> setPose(delivery.message(), INITIAL_POSE));
  }

  private void trigger(String name, Supplier<String> action) {
    provided.add(
        node.provide(
            config.result(name),
            RosServiceType.TRIGGER,
            (request, response) -> {
              String message;
              boolean success = true;
              try {
                message = action.get();
              } catch (RosException e) {
                success = false;
                message = String.valueOf(e.getMessage());
              }
              response.u8(success ? 1 : 0).text(message);
            }));
  }

  private static String done(Runnable action, String message) {
    action.run();
    return message;
  }

  private String saveMap() {
    return "saved as " + sink.saveMap().resolve("map.yaml").toAbsolutePath().normalize();
  }

  private String loadMap(Consumer<VoxelBlockMap> mapLoaded) {
    if (!sink.lengths().isMetric()) {
      throw new RosException(
          "lengths are in an arbitrary unit at present, in which no saved map can be placed; give"
              + " --camera-height or --scale sensor-depth");
    }
    VoxelBlockMap map = MapTopics.load(config.mapFolder());
    mapLoaded.accept(map);
    return "loaded %d blocks of voxels of %s m; they take the map's place with the next frame"
        .formatted(map.size(), map.voxelSizeM());
  }

  private void setPose(ByteBuffer message, String topic) {
    try {
      RosPoseWithCovariance pose =
          RosPoseWithCovariance.read(
              new Ros1Input(message, topic, Ros1Type.POSE_WITH_COVARIANCE_STAMPED.typeName()));
      LengthTopics lengths = sink.lengths();
      if (!pose.header().frameId().equals(lengths.frames().map())) {
        throw new RosException(
            "%s: the pose is in frame \"%s\", wanted is one in \"%s\""
                .formatted(topic, pose.header().frameId(), lengths.frames().map()));
      }
      Se3 T_map_base = lengths.motion().latest();
      if (T_map_base == null) {
        throw new RosException(topic + ": there is no pose yet; wait for the first frame");
      }
      placement.setPose(pose.T_parent_child(), T_map_base);
    } catch (MessageFormatException e) {
      throw new RosException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    initialPose.close();
    for (AutoCloseable each : provided) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("Services close without failing", e);
      }
    }
  }
}
