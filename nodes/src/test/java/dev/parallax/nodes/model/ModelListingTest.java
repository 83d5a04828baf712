package dev.parallax.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of networks, good and bad. */
class ModelListingTest {
  @TempDir private Path temp;

  @Test
  void theShippedNetworkIsListedWithItsSizeAndLicence() {
    ModelListing.Entry builtIn = ModelListing.builtIn();
    assertThat(builtIn.name()).isEqualTo("built-in");
    assertThat(builtIn.bytes()).isBetween(2_000_000L, 4_000_000L);
    assertThat(builtIn.licence()).contains("Apache-2.0");
  }

  @Test
  void whatADescriptionSaysIsListedOnceAndOtherNetworksByTheirFile() throws IOException {
    byte[] rows = SmallModels.onnx(SmallModels::nearerBelow);
    Path yaml = SmallModels.described(temp, "rows.onnx", rows, "relative_inverse_depth");
    Path own = Files.write(temp.resolve("depth.onnx"), Models.ownBytes(Models.BUILT_IN));
    Files.writeString(temp.resolve("notes.txt"), "no network");
    List<ModelListing.Entry> entries = ModelListing.in(temp);
    assertThat(entries)
        .extracting(ModelListing.Entry::name)
        .containsExactly(yaml.toString(), own.toString());
    assertThat(entries.get(0).input()).isEqualTo("64x48 rgb");
    assertThat(entries.get(0).output()).isEqualTo("relative inverse depth");
    assertThat(entries.get(0).licence()).isEqualTo("our own");
    assertThat(entries.get(0).bytes()).isEqualTo(rows.length);
    assertThat(entries).allMatch(entry -> entry.problem().isEmpty());
  }

  @Test
  void whatCannotBeUsedIsListedWithTheReason() throws IOException {
    byte[] rows = SmallModels.onnx(SmallModels::nearerBelow);
    Path yaml = SmallModels.described(temp, "gone.onnx", rows, "metric_depth");
    Files.delete(temp.resolve("gone.onnx"));
    Path cut = Files.write(temp.resolve("cut.onnx"), Arrays.copyOf(rows, rows.length / 2));
    List<ModelListing.Entry> entries = ModelListing.in(temp);
    assertThat(entries)
        .extracting(ModelListing.Entry::name)
        .containsExactly(yaml.toString(), cut.toString());
    assertThat(entries.get(0).problem()).contains("gone.onnx: no such file");
    assertThat(entries.get(1).problem()).contains("export it again");
    assertThatThrownBy(() -> ModelListing.in(temp.resolve("nowhere")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no folder that can be read");
  }
}
