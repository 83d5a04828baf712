package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every real recording of messages is read whole, and played or refused for what it is. */
class RealBagsTest {
  /** What a refusal must name, by the begin of the file's name. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "qoi_compressed", "\"qoi; rgb8\"",
          "sail_run1", "holds no pictures",
          "nav2_turtlebot", "holds no pictures",
          "codecs_compressedDepth", "holds no pictures",
          "codecs_compressed.", "several cameras",
          "codecs_raw", "several cameras");

  @Test
  void everyMessageIsReadAndTheCountsOfTheIndexAreTrue() throws Exception {
    for (Path path : recordings()) {
      try (Bag bag = Bags.open(path)) {
        Map<String, Long> counts = new HashMap<>();
        for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); ) {
          counts.merge(all.next().channel().topic(), 1L, Long::sum);
        }
        bag.summary()
            .topics()
            .forEach(
                topic ->
                    assertThat(counts.getOrDefault(topic.name(), 0L))
                        .as("%s %s", path, topic.name())
                        .isEqualTo(topic.count()));
        assertThat(bag.warnings()).as("%s", path).isEmpty();
      }
    }
  }

  @Test
  void eachIsPlayedOrRefusedByName() throws Exception {
    for (Path path : recordings()) {
      String name = path.getFileName().toString();
      String expected =
          REFUSED.entrySet().stream()
              .filter(refusal -> name.startsWith(refusal.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(null);
      try (FrameSource source = Recordings.open(path, RecordingOptions.defaults())) {
        assertThat(expected).as("%s should be refused", name).isNull();
        assertThat(source.next()).as(name).isInstanceOf(SourceItem.Frame.class);
      } catch (SourceException e) {
        assertThat(expected).as("%s was refused: %s", name, e.getMessage()).isNotNull();
        assertThat(e).hasMessageContainingAll(name, expected);
      }
    }
  }

  private static List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.list(RealData.path("bags"))) {
      List<Path> bags = files.filter(Bags::isBag).sorted().toList();
      assertThat(bags).hasSizeGreaterThanOrEqualTo(10);
      return bags;
    }
  }
}
