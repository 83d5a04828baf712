package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.ResultFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The baseline leaves what eval reads. */
class BaselineCommandTest {
  @TempDir private Path temp;
  private final CommandOutput told = new CommandOutput();

  @Test
  void aRecordingsPathCanBeEvaluated() throws IOException {
    Path street = told.simulated("street", 20, temp);
    Path plain = temp.resolve("plain");

    assertThat(told.parallax("baseline", street, "--out", plain)).as(told.err.toString()).isZero();

    ResultFolder run = ResultFolder.open(plain);
    assertThat(run.framesGiven()).hasSize(20);
    assertThat(run.poses()).hasSizeBetween(12, 19);
    assertThat(run.isMetric()).isFalse();
    assertThat(Files.readString(plain.resolve("config.yaml"))).contains("bundle_adjustment: true");
    assertThat(told.parallax("eval", "--est", plain, "--gt", street))
        .as(told.err.toString())
        .isZero();
    assertThat(told.out.toString())
        .contains("ATE Sim(3)")
        .contains("of 20 input frames have a pose");
  }

  @Test
  void anInputThatIsNotThereIsSaidInOneLine() {
    assertThat(told.parallax("baseline", temp.resolve("none.bag"), "--out", temp.resolve("plain")))
        .isEqualTo(2);
    assertThat(told.err.toString().lines()).hasSize(1).first().asString().contains("none.bag");
  }
}
