package dev.parallax.nodes.cli;

import dev.parallax.nodes.source.BagConversion;
import dev.parallax.nodes.source.BagFormat;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.nodes.source.mcap.McapReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bag convert}: the same messages in another file format or compression. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Copies the messages of a recording into another file format, or the same compressed",
      "otherwise; their bytes and record times stay as they are. What can be recovered of a damaged",
      "recording is copied too, with an index.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  parallax bag convert drive.bag drive.mcap",
      "  parallax bag convert drive.mcap camera.mcap --topics /camera/image,/camera/camera_info",
      "  parallax bag convert cut.bag.active whole.bag --compression none",
    })
final class BagConvertCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FROM", description = "a recording, see bag info")
  @SuppressWarnings("NullAway.Init")
  private Path from;

  @Parameters(index = "1", paramLabel = "TO", description = "a new file, .bag or .mcap")
  @SuppressWarnings("NullAway.Init")
  private Path to;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      defaultValue = "lz4",
      description = "none, lz4 or, in MCAP, zstd (default: ${DEFAULT-VALUE})")
  private BagFormat.Compression compression = BagFormat.Compression.LZ4;

  @Option(
      names = "--topics",
      paramLabel = "TOPIC",
      split = ",",
      description = "only these topics (default: all)")
  private @Nullable List<String> topics;

  @Option(names = "--force", description = "replace the file TO")
  private boolean force;

  @Override
  public Integer call() {
    BagFormat format =
        BagFormat.of(to)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), to + ": must end in .bag or .mcap to be written"));
    if (Files.exists(to) && !force) {
      throw new CommandFailure(
          "%s: there is already a file; give another name or replace it with --force"
              .formatted(to));
    }
    try (Bag bag = Bags.open(from)) {
      convert(bag, format);
    }
    return ExitStatus.OK;
  }

  private void convert(Bag bag, BagFormat format) {
    Set<BagChannel> channels =
        bag.channels().stream().filter(this::isWanted).collect(Collectors.toSet());
    requireTopics(bag, channels);
    Path unfinished = to.resolveSibling(to.getFileName() + ".part");
    PrintWriter err = spec.commandLine().getErr();
    try {
      long copied = write(bag, format, unfinished, channels);
      Files.move(unfinished, to, StandardCopyOption.REPLACE_EXISTING);
      bag.warnings().forEach(warning -> err.println("warning: " + warning));
      int leftOut = bag instanceof McapReader mcap ? mcap.attachmentsAndMetadata() : 0;
      if (leftOut > 0) {
        err.printf("warning: %s: %d attachments and metadata are not copied%n", from, leftOut);
      }
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%s: %d messages, %.1f MB (%s was %.1f MB)%n",
          to,
          copied,
          Files.size(to) / 1e6,
          from,
          Bags.sizeBytes(from) / 1e6);
      out.flush();
    } catch (IllegalArgumentException e) {
      deleteQuietly(unfinished);
      throw new CommandFailure("%s: %s; write .mcap instead".formatted(from, e.getMessage()), e);
    } catch (IOException e) {
      deleteQuietly(unfinished);
      throw new CommandFailure(
          "%s: cannot be written (%s); give another place".formatted(to, e.getMessage()), e);
    }
  }

  private long write(Bag bag, BagFormat format, Path unfinished, Set<BagChannel> channels)
      throws IOException {
    long total = bag.summary().messageCount();
    try (BagOutput output = format.create(unfinished, compression, channels);
        ProgressBar bar =
            ProgressBar.onStandardError("convert", "messages", OptionalLong.of(total))) {
      return new BagConversion(this::isWanted).copy(bag, output, bar::update);
    }
  }

  private boolean isWanted(BagChannel channel) {
    return topics == null || topics.contains(channel.topic());
  }

  private void requireTopics(Bag bag, Set<BagChannel> found) {
    for (String topic : topics == null ? List.<String>of() : topics) {
      if (found.stream().noneMatch(channel -> channel.topic().equals(topic))) {
        throw new CommandFailure(
            "%s: has no topic %s; it has %s"
                .formatted(
                    from,
                    topic,
                    bag.channels().stream()
                        .map(BagChannel::topic)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The failure before it is what must be told.
    }
  }
}
