package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.ResultFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The baseline leaves what eval reads. */
class BaselineCommandTest {
  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int parallax(Object... args) {
    CommandLine command = ParallaxCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(List.of(args).stream().map(Object::toString).toArray(String[]::new));
  }

  @Test
  void aRecordingsPathCanBeEvaluated() throws IOException {
    Path street = temp.resolve("street");
    Path plain = temp.resolve("plain");
    assertThat(
            parallax(
                "sim",
                "--scene",
                "street",
                "--frames",
                20,
                "--fps",
                10,
                "--width",
                320,
                "--height",
                240,
                "--out",
                street))
        .isZero();

    assertThat(parallax("baseline", street, "--out", plain)).as(err.toString()).isZero();

    ResultFolder run = ResultFolder.open(plain);
    assertThat(run.framesGiven()).hasSize(20);
    assertThat(run.poses()).hasSizeBetween(12, 19);
    assertThat(run.isMetric()).isFalse();
    assertThat(Files.readString(plain.resolve("config.yaml"))).contains("bundle_adjustment: true");
    assertThat(parallax("eval", "--est", plain, "--gt", street)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ATE Sim(3)").contains("of 20 input frames have a pose");
  }

  @Test
  void anInputThatIsNotThereIsSaidInOneLine() {
    assertThat(parallax("baseline", temp.resolve("none.bag"), "--out", temp.resolve("plain")))
        .isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("none.bag");
  }
}
