package dev.parallax.nodes.model;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.YamlTree;
import dev.parallax.perception.prior.UserModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The small file that says how a user's network is to be used:
 *
 * <pre>
 * file: depth_anything_v2_small.onnx   # beside this file; .onnx, .pt or .torchscript
 * output: relative_inverse_depth       # or metric_depth, relative_depth, flow
 * width: 518
 * height: 392
 * colours: rgb                         # or bgr, grey
 * mean: [0.485, 0.456, 0.406]          # of values in 0..1
 * std: [0.229, 0.224, 0.225]
 * licence: Apache-2.0
 * </pre>
 */
final class UserModelYaml {
  private static final List<String> KEYS =
      List.of("file", "output", "width", "height", "colours", "mean", "std", "licence");

  private UserModelYaml() {}

  /**
   * @param file the network's own file
   */
  record Description(Path file, UserModel model) {}

  /**
   * @throws ModelException in one line naming the file, the key and what is wrong
   */
  static Description read(Path yaml) {
    try {
      YamlTree tree = YamlTree.read(yaml);
      tree.requireOnly(KEYS);
      UserModel.Colours colours = choice(yaml, tree, "colours", UserModel.Colours.class);
      try {
        UserModel model =
            new UserModel(
                tree.integer("width"),
                tree.integer("height"),
                colours,
                tree.numbers("mean"),
                tree.numbers("std"),
                choice(yaml, tree, "output", UserModel.Output.class),
                tree.text("licence"));
        return new Description(yaml.resolveSibling(tree.text("file")), model);
      } catch (IllegalArgumentException e) {
        throw new ModelException(yaml + ": " + e.getMessage(), e);
      }
    } catch (CalibrationFormatException e) {
      throw new ModelException(String.valueOf(e.getMessage()), e);
    }
  }

  private static <E extends Enum<E>> E choice(Path yaml, YamlTree tree, String key, Class<E> kind)
      throws CalibrationFormatException {
    String text = tree.text(key);
    for (E value : kind.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new ModelException(
        "%s: %s: \"%s\" is none of %s"
            .formatted(
                yaml,
                key,
                text,
                Arrays.toString(kind.getEnumConstants()).toLowerCase(Locale.ROOT)));
  }
}
