package dev.parallax.sim.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class SvgPlotTest {
  @Test
  void isWellFormedWhateverTheNames() throws Exception {
    Document svg =
        parse(
            new SvgPlot("a < b & \"c\"", "x [m]", "y")
                .line("<est>", new double[] {0, 1}, new double[] {0, 1})
                .toSvg());
    assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("a < b & \"c\"");
  }

  @Test
  void aHoleInTheDataBreaksTheLine() throws Exception {
    double[] x = {0, 1, 2, 3, 4};
    double[] y = {0, 1, Double.NaN, 1, 0};
    Document svg = parse(new SvgPlot("t", "x", "y").line("s", x, y).toSvg());
    String path = ((Element) svg.getElementsByTagName("path").item(0)).getAttribute("d");
    assertThat(path.chars().filter(c -> c == 'M').count()).isEqualTo(2);
    assertThat(path.chars().filter(c -> c == 'L').count()).isEqualTo(2);
  }

  @Test
  void withEqualAspectASquareIsDrawnSquare() throws Exception {
    double[] x = {0, 4, 4, 0};
    double[] y = {0, 0, 4, 4};
    Document svg = parse(new SvgPlot("t", "x", "y").line("s", x, y).equalAspect().toSvg());
    String path = ((Element) svg.getElementsByTagName("path").item(0)).getAttribute("d");
    List<Double> n = new ArrayList<>();
    Matcher number = Pattern.compile("[0-9.]+").matcher(path);
    while (number.find()) {
      n.add(Double.valueOf(number.group()));
    }
    double width = n.get(2) - n.get(0);
    double height = n.get(3) - n.get(5); // y grows downwards on the screen
    assertThat(width).isGreaterThan(50);
    assertThat(height).isCloseTo(width, org.assertj.core.api.Assertions.within(0.21));
  }

  @Test
  void nothingToShowIsAnEmptyFrame() throws Exception {
    Document svg =
        parse(new SvgPlot("t", "x", "y").line("s", new double[0], new double[0]).toSvg());
    assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(1);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
