package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the small files that folder layouts are made of, and plays folders to their end. */
final class FolderFixture {
  static final int WIDTH = 8;
  static final int HEIGHT = 6;

  static final String CAMERA_YAML =
      """
      image_width: 8
      image_height: 6
      camera_name: test
      camera_matrix: {rows: 3, cols: 3, data: [7, 0, 3.5, 0, 7, 2.5, 0, 0, 1]}
      distortion_model: plumb_bob
      distortion_coefficients: {rows: 1, cols: 5, data: [0, 0, 0, 0, 0]}
      """;

  private final Path root;
  private final ImageCodec codec = new ImageCodec();

  FolderFixture(Path root) {
    this.root = root;
  }

  /** A grey picture whose every pixel has the value. */
  FolderFixture picture(String path, int value) {
    return picture(path, WIDTH, HEIGHT, value);
  }

  FolderFixture picture(String path, int width, int height, int value) {
    byte[] data = new byte[width * height];
    Arrays.fill(data, (byte) value);
    Picture picture = new Picture(width, height, Picture.Format.MONO8, data);
    return bytes(
        path, path.endsWith(".jpg") ? codec.encodeJpeg(picture, 95) : codec.encodePng(picture));
  }

  /** A depth picture whose every pixel has the value but the first, which is 0. */
  FolderFixture depth(String path, int value) {
    short[] data = new short[WIDTH * HEIGHT];
    Arrays.fill(data, (short) value);
    data[0] = 0;
    return bytes(path, codec.encodePng16(new Image16(WIDTH, HEIGHT, 1, data)));
  }

  FolderFixture text(String path, String text) {
    return bytes(path, text.getBytes(StandardCharsets.UTF_8));
  }

  FolderFixture bytes(String path, byte[] bytes) {
    try {
      Files.createDirectories(root.resolve(path).getParent());
      Files.write(root.resolve(path), bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts a file to its first half. */
  FolderFixture cutShort(String path) {
    try {
      byte[] whole = Files.readAllBytes(root.resolve(path));
      return bytes(path, Arrays.copyOf(whole, whole.length / 2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<SourceItem> play(FrameSource source) {
    List<SourceItem> items = new ArrayList<>();
    for (SourceItem item = source.next(); item != null; item = source.next()) {
      items.add(item);
    }
    return items;
  }
}
