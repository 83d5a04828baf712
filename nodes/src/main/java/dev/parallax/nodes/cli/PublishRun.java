package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.FramePublisher;
import dev.parallax.nodes.kafka.KafkaConfig;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Plays a recording into Kafka as its camera once did; the nodes there do the work. */
final class PublishRun {
  private final FrameSource source;
  private final ProgressBar bar;
  private final PrintWriter out;
  private volatile boolean stopping;

  PublishRun(FrameSource source, ProgressBar bar, PrintWriter out) {
    this.source = source;
    this.bar = bar;
    this.out = out;
  }

  /**
   * @param stream names this run to the nodes
   * @return the exit status: OK only if every frame was sent or refused by name
   */
  int run(KafkaConfig config, String stream) {
    long sent = 0;
    long refused = 0;
    long startNs = System.nanoTime();
    Thread hook = new Thread(() -> stopping = true, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (bar;
        FramePublisher publisher = new FramePublisher(config, stream, 1)) {
      for (SourceItem item = next(); item != null; item = next()) {
        if (item instanceof SourceItem.Frame frame) {
          publisher.publish(frame);
          sent++;
        } else if (item instanceof SourceItem.Refused r) {
          bar.println("refused: " + r.reason());
          refused++;
        }
        bar.update(sent + refused);
      }
      publisher.flush();
    }
    source.warnings().forEach(bar::println);
    double tookS = (System.nanoTime() - startNs) / 1e9;
    out.printf("frames   %d in = %d sent + %d refused%n", sent + refused, sent, refused);
    out.printf(
        "to       topic %s, stream %s, %.1f frames/s%n", config.imageTopic(), stream, sent / tookS);
    out.flush();
    if (!stopping) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    return ExitStatus.OK;
  }

  private @Nullable SourceItem next() {
    return stopping ? null : source.next();
  }
}
