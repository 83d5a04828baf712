package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapperConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens camera sessions, anew or where another one stood. */
final class SessionFactory {
  /** A camera this high over the ground rides on a vehicle: the map is made for the open. */
  private static final double VEHICLE_CAMERA_HEIGHT_M = 1.2;

  private final PipelineConfig config;
  private final PerceptionKernels kernels;
  private final @Nullable BackgroundPrior network;
  private final Consumer<Notice> notices;

  SessionFactory(
      PipelineConfig config,
      PerceptionKernels kernels,
      @Nullable BackgroundPrior network,
      Consumer<Notice> notices) {
    this.config = config;
    this.kernels = kernels;
    this.network = network;
    this.notices = notices;
  }

  CameraSession open(CameraCalibration calibration, Se3 T_odom_cam) {
    return new CameraSession(
        kernels,
        calibration,
        config.scale(),
        mapping(),
        T_odom_cam,
        config.loops(),
        network,
        notices);
  }

  /** A session that goes on where another stood. */
  CameraSession resume(SessionState state) {
    CameraSession live = open(state.calibration(), state.T_odom_cam());
    live.unit.resume(state.scaleStd());
    SessionState.View view = state.view();
    if (view == null) {
      return live;
    }
    try (BufferScope scope = kernels.openScope()) {
      DeviceBuffer grey = scope.u8(Shape.of(live.camera.height(), live.camera.width()));
      kernels.upload(view.grey().data(), grey);
      live.depthFilter.restore(view.belief());
      live.depthFilter.download();
      live.odometry.start(grey, state.stamp(), live.depthFilter::at);
      live.odometry.knowReadout(view.readoutS());
      live.references.add(grey, state.stamp());
      live.remember(grey, state.stamp());
    }
    return live;
  }

  /** What a successor of a session needs; empty while nothing is tracked. */
  static Optional<SessionState> snapshot(CameraSession live) {
    Timestamp stamp = live.previousStamp();
    if (stamp == null || live.odometry.state() != TrackingState.TRACKING) {
      return Optional.empty();
    }
    return Optional.of(
        new SessionState(
            live.calibration,
            stamp,
            live.odometry.T_odom_cam(),
            live.unit.scaleStd(),
            new SessionState.View(
                live.previousPicture(), live.depthFilter.belief(), live.odometry.readoutS())));
  }

  private MapperConfig mapping() {
    MapperConfig auto =
        config.scale().cameraHeightM() > VEHICLE_CAMERA_HEIGHT_M
            ? MapperConfig.forOutdoors()
            : MapperConfig.forIndoors();
    PipelineConfig.MappingConfig wanted = config.mapping();
    if (wanted.voxelSizeM() > 0) {
      auto = auto.withVoxelSizeM(wanted.voxelSizeM());
    }
    return wanted.maxRangeM() > 0 ? auto.withMaxRangeM(wanted.maxRangeM()) : auto;
  }
}
