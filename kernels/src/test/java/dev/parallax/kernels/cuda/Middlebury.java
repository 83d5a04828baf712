package dev.parallax.kernels.cuda;

import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/**
 * Pairs of Middlebury's flow benchmark, in folders of {@code frame10.png}, {@code frame11.png} and
 * {@code flow10.flo}. As a program it writes them, each with the error of the CPU's kernels, into a
 * file for a machine that has neither: {@code Middlebury FOLDER FILE}.
 */
final class Middlebury {
  static final List<String> PAIRS = List.of("Dimetrodon", "Grove2", "RubberWhale", "Venus");

  private Middlebury() {}

  public static void main(String[] arguments) throws IOException {
    try (CpuKernels cpu = new CpuKernels();
        DataOutputStream out =
            new DataOutputStream(
                new BufferedOutputStream(
                    new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[1])))))) {
      out.writeInt(PAIRS.size());
      for (String name : PAIRS) {
        FlowPair pair = read(Path.of(arguments[0]).resolve(name));
        pair.write(out);
        out.writeDouble(pair.error(cpu));
      }
    }
  }

  static FlowPair read(Path folder) throws IOException {
    BufferedImage first = ImageIO.read(folder.resolve("frame10.png").toFile());
    BufferedImage second = ImageIO.read(folder.resolve("frame11.png").toFile());
    Shape size = Shape.of(first.getHeight(), first.getWidth());
    float[] truth = new float[2 * size.pixels()];
    // Tag, width, height, then (du, dv) in rows; little-endian.
    ByteBuffer.wrap(Files.readAllBytes(folder.resolve("flow10.flo")))
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(12)
        .asFloatBuffer()
        .get(truth);
    return new FlowPair(folder.getFileName().toString(), size, grey(first), grey(second), truth);
  }

  /** Luma by the weights of ITU-R BT.601, as the pipeline has it. */
  private static byte[] grey(BufferedImage picture) {
    byte[] grey = new byte[picture.getWidth() * picture.getHeight()];
    for (int i = 0; i < grey.length; i++) {
      int rgb = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
      double luma = 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
      grey[i] = (byte) Math.round(luma);
    }
    return grey;
  }
}
