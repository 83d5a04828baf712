package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code replay --device} in a process of its own on the driver that is the CPU
 * (kernels/src/test/cuda): pictures as publishers send them, and a GPU that gives up.
 */
class GpuReplayTest {
  private static final int FRAMES = 4;

  /** Built by the tests of the kernels, which come before. */
  private static final Path DRIVER = Path.of("../kernels/target/cuda-shim/current");

  @TempDir static Path temp;
  private static Path plain;

  @BeforeAll
  static void draw() {
    assumeTrue(
        Files.exists(DRIVER.resolve("libcuda.so.1")),
        "NOT RUN: the CPU's driver is not built; run the kernels' tests first, they need g++");
    plain = temp.resolve("plain.bag");
    CommandOutput sim = new CommandOutput();
    assertThat(
            sim.parallax(
                "sim",
                "--scene",
                "room",
                "--frames",
                FRAMES,
                "--width",
                118,
                "--height",
                94,
                "--out",
                plain))
        .as(sim.err.toString())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda:0"})
  void paddedRowsGiveTheSameResultsToTheBitAndAnEmptyPictureIsRefusedAlone(String device)
      throws Exception {
    Path padded = temp.resolve(device.charAt(1) + "-padded.bag");
    rewritten(padded, 37, 2);
    Path packed = temp.resolve(device.charAt(1) + "-packed.bag");
    rewritten(packed, 0, 2);

    Map<String, String> ofPadded = results(padded, device);
    assertThat(ofPadded).isEqualTo(results(packed, device)).hasSizeGreaterThan(2 * FRAMES);
    assertThat(ofPadded.keySet()).anyMatch(name -> name.startsWith("depth/"));
  }

  @ParameterizedTest
  @CsvSource({
    // the call, when it fails and how, what is said
    "cuEventSynchronize, :9:719, CUDA_ERROR_LAUNCH_FAILED (719), its context is lost",
    "cuLaunchKernel, :150:700, CUDA_ERROR_ILLEGAL_ADDRESS (700), its context is lost",
    "cuMemAlloc, _v2:60:2, CUDA_ERROR_OUT_OF_MEMORY (2), use smaller pictures",
  })
  void aGpuThatFailsInMidRunEndsTheProcessWithTheReason(
      String call, String when, String error, String remedy) throws Exception {
    Run run = run(plain, "cuda:0", temp.resolve("lost-by-" + call), call + when);

    assertThat(run.status()).as(run.said()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.said())
        .contains("parallax: the GPU failed: " + call + " of ", error, remedy, "--device cpu")
        .doesNotContain("internal error");
  }

  @Test
  void aGpuThatIsNotThereEndsACommandThatAskedForIt() throws Exception {
    Run run = run(plain, "cuda:3", temp.resolve("none"), "");

    assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.said())
        .contains("--device cuda:3 cannot be used: there is no GPU 3: the driver sees 1");
  }

  /**
   * The recording with so many bytes of noise behind each row, and one picture without pixels.
   *
   * @param emptyAfter how many pictures come before the empty one
   */
  private static void rewritten(Path target, int paddingBytes, int emptyAfter) throws IOException {
    Random noise = new Random(4);
    try (Bag bag = Bags.open(plain);
        BagWriter out = BagWriter.create(target, BagWriter.Compression.NONE)) {
      Map<String, Integer> channels = new HashMap<>();
      int images = 0;
      for (Iterator<BagMessage> all = bag.messages(c -> true); all.hasNext(); ) {
        BagMessage m = all.next();
        int channel =
            channels.computeIfAbsent(m.channel().topic(), t -> out.addChannel(m.channel()));
        boolean isPicture = m.channel().topic().equals("/camera/image_raw");
        if (isPicture && images++ == emptyAfter) {
          RosImage picture = image(m);
          RosImage empty =
              new RosImage(picture.header(), 0, 0, picture.encoding(), false, 0, new byte[0]);
          out.write(channel, m.recordTime(), empty.toBytes());
        }
        out.write(
            channel,
            m.recordTime(),
            isPicture
                ? ByteBuffer.wrap(padded(image(m), paddingBytes, noise).toBytes())
                : m.data());
      }
    }
  }

  private static RosImage image(BagMessage message) {
    try {
      return RosImage.read(message.data(), message.channel().topic());
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private static RosImage padded(RosImage image, int paddingBytes, Random noise) {
    int row = (int) image.step();
    byte[] data = new byte[image.height() * (row + paddingBytes)];
    noise.nextBytes(data);
    for (int v = 0; v < image.height(); v++) {
      System.arraycopy(image.data(), v * row, data, v * (row + paddingBytes), row);
    }
    return new RosImage(
        image.header(),
        image.height(),
        image.width(),
        image.encoding(),
        false,
        row + paddingBytes,
        data);
  }

  /** What a replay writes of every frame, by file. */
  private static Map<String, String> results(Path bag, String device) throws Exception {
    Path out = temp.resolve(bag.getFileName() + "-out");
    Run run = run(bag, device, out, "");
    assertThat(run.status()).as(run.said()).isZero();
    assertThat(run.said())
        .contains("frames   5 in = 4 published + 1 skipped (refused 1) + 0 lost", "device: ");
    Map<String, String> results = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(png|tum)")).toList()) {
        results.put(
            out.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return results;
  }

  /** How a command ended, and both of its outputs. */
  private record Run(int status, String said) {}

  private static Run run(Path bag, String device, Path out, String failing)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ParallaxCommand.class.getName(),
                "replay",
                bag.toString(),
                "--device",
                device,
                "--out",
                out.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", DRIVER.toAbsolutePath().toString());
    builder.environment().put("PARALLAX_SHIM_FAIL", failing);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }
}
