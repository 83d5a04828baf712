package dev.parallax.nodes.codec;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file's keys, read with their types checked. Every complaint names the file and the key.
 */
public final class YamlTree {
  private final String where;
  private final Map<?, ?> values;

  private YamlTree(String where, Map<?, ?> values) {
    this.where = where;
    this.values = values;
  }

  /**
   * @throws CalibrationFormatException if the file cannot be read or is not a YAML mapping
   */
  public static YamlTree read(Path file) throws CalibrationFormatException {
    Object root;
    try {
      root = new Yaml(new WithOpenCv()).load(withoutOpenCvHead(Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw new CalibrationFormatException(file + ": no such file; check the path", e);
    } catch (CharacterCodingException e) {
      throw new CalibrationFormatException(file + ": not a text file; expected YAML", e);
    } catch (IOException e) {
      throw new CalibrationFormatException("%s: cannot be read (%s)".formatted(file, e), e);
    } catch (MarkedYAMLException e) {
      throw new CalibrationFormatException(
          "%s:%d: not YAML: %s"
              .formatted(
                  file,
                  e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1,
                  e.getProblem()),
          e);
    } catch (YAMLException e) {
      throw new CalibrationFormatException(
          "%s: not YAML: %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    } catch (ClassCastException e) { // the library takes a tag's word for what follows it
      throw new CalibrationFormatException(
          file + ": not YAML: a tag, as !!map, stands before a value of another kind", e);
    }
    if (root instanceof Map<?, ?> map) {
      return new YamlTree(file + ": ", map);
    }
    throw new CalibrationFormatException(file + ": holds no keys; expected a YAML mapping");
  }

  /** OpenCV writes its files with a first line that is no directive of YAML's. */
  private static String withoutOpenCvHead(String text) {
    return text.startsWith("%YAML:") ? "#" + text : text;
  }

  /** OpenCV's matrices are mappings with a name of their own. */
  private static final class WithOpenCv extends SafeConstructor {
    private static final Tag MATRIX = new Tag(Tag.PREFIX + "opencv-matrix");

    WithOpenCv() {
      super(allowing(MATRIX));
      yamlConstructors.put(MATRIX, new ConstructYamlMap());
    }

    private static LoaderOptions allowing(Tag tag) {
      LoaderOptions options = new LoaderOptions();
      options.setTagInspector(tag::equals);
      return options;
    }
  }

  /** What somebody already read, e.g. a parameter server. */
  public static YamlTree of(String where, Map<?, ?> values) {
    return new YamlTree(where + ": ", values);
  }

  /**
   * @throws CalibrationFormatException if there is a key that is none of these
   */
  public void requireOnly(Collection<String> known) throws CalibrationFormatException {
    for (Object key : values.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw new CalibrationFormatException(
            "%sunknown key %s; known are %s".formatted(where, key, String.join(", ", known)));
      }
    }
  }

  /** The same but for one key. */
  public YamlTree without(String key) {
    Map<Object, Object> others = new LinkedHashMap<>(values);
    others.remove(key);
    return new YamlTree(where, others);
  }

  /** The mappings of a list. */
  public List<YamlTree> children(String key) throws CalibrationFormatException {
    if (!(required(key) instanceof List<?> list)) {
      throw wrong(key, "a list of mappings");
    }
    List<YamlTree> children = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> map)) {
        throw wrong(key, "a list of mappings");
      }
      children.add(new YamlTree("%s%s %d: ".formatted(where, key, children.size() + 1), map));
    }
    return children;
  }

  public boolean truth(String key) throws CalibrationFormatException {
    if (required(key) instanceof Boolean value) {
      return value;
    }
    throw wrong(key, "true or false");
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The mapping under a key. */
  public YamlTree child(String key) throws CalibrationFormatException {
    if (required(key) instanceof Map<?, ?> map) {
      return new YamlTree(where + key + ": ", map);
    }
    throw wrong(key, "a mapping");
  }

  public String text(String key) throws CalibrationFormatException {
    Object value = required(key);
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw wrong(key, "text");
  }

  /** A list of texts of any length. */
  public List<String> texts(String key) throws CalibrationFormatException {
    if (!(required(key) instanceof List<?> list)) {
      throw wrong(key, "a list of texts");
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw wrong(key, "a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  public int integer(String key) throws CalibrationFormatException {
    if (required(key) instanceof Integer value) {
      return value;
    }
    throw wrong(key, "a whole number");
  }

  public double number(String key) throws CalibrationFormatException {
    return number(key, required(key));
  }

  /** A list of numbers of any length. */
  public double[] numbers(String key) throws CalibrationFormatException {
    if (!(required(key) instanceof List<?> list)) {
      throw wrong(key, "a list of numbers");
    }
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(key, list.get(i));
    }
    return numbers;
  }

  /** A list of exactly {@code count} numbers. */
  public double[] numbers(String key, int count) throws CalibrationFormatException {
    double[] numbers = numbers(key);
    if (numbers.length != count) {
      throw new CalibrationFormatException(
          "%s%s: needs %d numbers, got %d".formatted(where, key, count, numbers.length));
    }
    return numbers;
  }

  /** A complaint about this part of the file. */
  public CalibrationFormatException complaint(String message, Throwable cause) {
    return new CalibrationFormatException(where + message, cause);
  }

  /** YAML 1.1 takes {@code 1e-05} for text, yet calibration tools write it. */
  private double number(String key, @Nullable Object value) throws CalibrationFormatException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new CalibrationFormatException(
            "%s%s: \"%s\" is not a number".formatted(where, key, text), e);
      }
    }
    throw wrong(key, "a number");
  }

  private Object required(String key) throws CalibrationFormatException {
    Object value = values.get(key);
    if (value == null) {
      throw new CalibrationFormatException("%s%s: this key is missing".formatted(where, key));
    }
    return value;
  }

  private CalibrationFormatException wrong(String key, String expected) {
    return new CalibrationFormatException("%s%s: must be %s".formatted(where, key, expected));
  }
}
