package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosDiagnostics;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosClock;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.runtime.RestartablePipeline;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One camera of a ROS node, ready to be run: a source of its pictures, a pipeline that can begin
 * anew, a sink that publishes, services and health.
 */
public final class RosCamera implements AutoCloseable {
  private final RosCameraConfig config;
  private final RosLogTopic log;
  private final RosClock clock;
  private final PauseControl pause = new PauseControl();
  private final AtomicReference<@Nullable VoxelBlockMap> mapToLoad = new AtomicReference<>();
  private final RestartablePipeline pipeline;
  private final RosCameraSource source;
  private final RosCameraSink sink;
  private final CameraHealth health;
  private final CameraServices services;
  private final RosPublisher staticTransforms;
  private volatile Consumer<Notice> notices;

  /**
   * Begins to listen and announces what will be published.
   *
   * @param pipelines makes the pipeline, once frames come
   */
  public RosCamera(
      RosCameraConfig config,
      RosNode node,
      RosLogTopic log,
      TransformListener transforms,
      PipelineFactory pipelines,
      PipelineConfig pipelineConfig) {
    this.config = config;
    this.log = log;
    clock = node.clock();
    notices = log::accept;
    Placement placement =
        new Placement(
            config.frames(),
            transforms,
            warning -> notices.accept(Notice.warning(warning)),
            this::publishAssumedMounting);
    pipeline =
        new RestartablePipeline(
            () ->
                new MapLoading(
                    new MountedPipeline(
                        pipelines.create(pipelineConfig, notice -> notices.accept(notice)),
                        () -> placement.T_base_cam(pictureFrame())),
                    mapToLoad,
                    frame -> placement.T_robotMap_start(pictureFrame(), frame.T_map_odom()),
                    notice -> notices.accept(notice)));
    health = new CameraHealth(config.name(), pipelines::gpuMemory, System.nanoTime());
    staticTransforms =
        node.advertise("/tf_static", RosType.of(Ros1Type.TF_MESSAGE), PublishOptions.latch());
    source =
        new RosCameraSource(config, node, pause, transforms::T_target_source, pipeline::restart);
    sink =
        new RosCameraSink(
            config,
            pipelineConfig.scale().isMetric(),
            node,
            log,
            placement,
            health,
            source::frameId,
            pipeline::beginning);
    services =
        new CameraServices(node, config, pause, placement, sink, pipeline::restart, mapToLoad::set);
    node.clock().onJumpBack(pipeline::restart);
  }

  private String pictureFrame() {
    return source.frameId();
  }

  /** Else nobody could place the points and pictures that are in the camera's frame. */
  private void publishAssumedMounting(String cameraFrame) {
    RosHeader base = new RosHeader(0, clock.now(), config.frames().base());
    staticTransforms.publish(
        new RosTransforms(
            List.of(new RosTransforms.Stamped(base, cameraFrame, Placement.T_FLU_OPTICAL))));
  }

  public String name() {
    return config.name();
  }

  public FrameSource source() {
    return source;
  }

  /** The frame the pictures are in; empty before the first. Any thread. */
  public String frameId() {
    return source.frameId();
  }

  /** Sequence number of the first frame since path, model and map last began anew. Any thread. */
  public long beginning() {
    return pipeline.beginning();
  }

  public OutcomeSink sink() {
    return sink;
  }

  /**
   * The pipeline, for the runner that closes it.
   *
   * @param told where its notices go
   */
  public PerceptionPipeline pipeline(Consumer<Notice> told) {
    notices = told;
    return pipeline;
  }

  public PauseControl pause() {
    return pause;
  }

  /**
   * How this camera does, since the last call.
   *
   * @param counts of every frame so far
   */
  public RosDiagnostics.Status status(Ledger.Counts counts) {
    return health.report(counts, source.troubles(), sink.dropped(), System.nanoTime());
  }

  /** Ends the source; what waits is still worked on. Any thread. */
  public void release() {
    source.release();
  }

  @Override
  public void close() {
    services.close();
    source.close();
    staticTransforms.close();
    log.accept(Notice.info("camera %s ended".formatted(config.name())));
  }
}
