package dev.parallax.nodes.model;

import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.OnnxRunner;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What networks there are: the one that is shipped, and those in folders. Nothing is run. */
public final class ModelListing {
  private ModelListing() {}

  /**
   * A network, or a file that is to be one.
   *
   * @param name as {@code --depth-prior} takes it
   * @param input what it takes
   * @param output what comes out
   * @param licence what its maker allows
   * @param bytes of its weights
   * @param problem why it cannot be used; empty where nothing speaks against it so far
   */
  public record Entry(
      String name, String input, String output, String licence, long bytes, String problem) {
    private static Entry broken(Path file, String problem) {
      return new Entry(file.toString(), "", "", "", 0, problem);
    }
  }

  /** The shipped network. */
  public static Entry builtIn() {
    return new Entry(
        Models.BUILT_IN,
        "any size (about 256x192 is seen), known depth",
        "depth and std",
        "Apache-2.0, as Parallax",
        Models.ownBytes(Models.BUILT_IN).length,
        "");
  }

  /**
   * The networks in a folder, by name: descriptions ({@code .yaml}) and {@code .onnx} files that no
   * description names, which are taken to be of {@code train} or {@code adapt}.
   *
   * @throws ModelException if it is no folder that can be read
   */
  public static List<Entry> in(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new ModelException("%s: no folder that can be read (%s)".formatted(folder, e), e);
    }
    List<Entry> entries = new ArrayList<>();
    Set<Path> described = new TreeSet<>();
    for (Path file : files) {
      if (Models.isDescription(file)) {
        entries.add(described(file, described));
      }
    }
    for (Path file : files) {
      if (file.toString().endsWith(".onnx") && !described.contains(file.normalize())) {
        entries.add(own(file));
      }
    }
    return List.copyOf(entries);
  }

  private static Entry described(Path yaml, Set<Path> described) {
    try {
      UserModelYaml.Description description = UserModelYaml.read(yaml);
      Path file = description.file();
      described.add(file.normalize());
      if (!Files.isRegularFile(file)) {
        return Entry.broken(yaml, file + ": no such file; check the path");
      }
      UserModel model = description.model();
      return new Entry(
          yaml.toString(),
          "%dx%d %s".formatted(model.width(), model.height(), words(model.colours())),
          words(model.output()),
          model.licence(),
          Files.size(file),
          "");
    } catch (ModelException e) {
      return Entry.broken(yaml, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Entry.broken(yaml, "cannot be read (%s)".formatted(e));
    }
  }

  private static Entry own(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      OnnxRunner.of(bytes, NetworkPlace.cpu(1)).close();
      return new Entry(
          file.toString(),
          "as built-in, if train or adapt left it",
          "depth and std",
          "its maker's",
          bytes.length,
          "");
    } catch (PriorException e) {
      return Entry.broken(file, "%s; export it again".formatted(e.getMessage()));
    } catch (IOException e) {
      return Entry.broken(file, "cannot be read (%s)".formatted(e));
    }
  }

  private static String words(Enum<?> value) {
    return Stream.of(value.name().toLowerCase(Locale.ROOT).split("_"))
        .collect(Collectors.joining(" "));
  }
}
