package dev.parallax.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.ResultFolder;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay --depth-prior} with the network that is shipped. */
@Timeout(240)
class FilledDepthTest {
  @TempDir private Path temp;

  @Test
  void holesOfWhatWasMeasuredAreFilled() throws IOException {
    Path clip = SimulatedClip.write(temp.resolve("clip"), 14);
    Path plain = temp.resolve("plain");
    Path filled = temp.resolve("filled");
    assertThat(CommandRun.of("replay", clip, "--depth-prior", "none", "--out", plain).status())
        .isZero();
    CommandRun run = CommandRun.of("replay", clip, "--out", filled);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readString(filled.resolve("config.yaml")))
        .contains("depth_prior: \"built-in\"");

    ResultFolder before = ResultFolder.open(plain);
    ResultFolder after = ResultFolder.open(filled);
    int pictures = 0;
    for (Timestamp stamp : before.depthStamps()) {
      int measured = known(before.depth(stamp));
      // The network looks at the first of them while it is published.
      if (measured > 0 && pictures++ > 0) {
        assertThat(known(after.depth(stamp))).isGreaterThan(measured + measured / 50);
      }
    }
    assertThat(pictures).isGreaterThan(1);
  }

  private static int known(DepthMap depth) {
    int known = 0;
    for (int i = 0; i < depth.depthM().length; i++) {
      if (depth.depthM()[i] > 0) {
        known++;
        assertThat(depth.stdM()[i]).isPositive();
      }
    }
    return known;
  }

  @Test
  void aNetworkThatIsNotThereIsNamedBeforeAnythingIsPlayed() throws IOException {
    Path clip = SimulatedClip.write(temp.resolve("clip"), 2);
    Path gone = temp.resolve("gone.onnx");
    CommandRun run =
        CommandRun.of("replay", clip, "--depth-prior", gone, "--out", temp.resolve("out"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("--depth-prior", "gone.onnx", "no such file")
        .doesNotContain("\tat ");
  }

  @Test
  void metresWantANetworkThatTellsThem() throws IOException {
    Path clip = SimulatedClip.write(temp.resolve("clip"), 2);
    CommandRun run = replayInMetres(clip, "none");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("--scale metric-prior wants a network: leave out --depth-prior none")
        .doesNotContain("\tat ");
  }

  @Test
  void theUnitOfLengthIsANetworksIfAskedFor() throws IOException {
    Path clip = SimulatedClip.write(temp.resolve("clip"), 50);
    CommandRun run = replayInMetres(clip, "built-in");
    assertThat(run.status()).as(run.err()).isZero();
    List<String> frames = Files.readAllLines(temp.resolve("out").resolve("frames.csv"));
    assertThat(frames.get(1)).contains(",relative,");
    assertThat(frames.get(frames.size() - 1)).contains(",metric prior,");
  }

  private CommandRun replayInMetres(Path clip, String network) {
    return CommandRun.of(
        "replay",
        clip,
        "--scale",
        "metric-prior",
        "--depth-prior",
        network,
        "--path-only",
        "--out",
        temp.resolve("out"));
  }
}
