package dev.parallax.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks written by hand, good and bad; nothing but a plain answer is to come of a bad one. */
class ModelCheckTest {
  @TempDir private Path temp;

  @Test
  void anOnnxNetworkThatTellsNearFromFarIsUsable() throws IOException {
    ModelCheck.Report report =
        check(SmallModels.onnx(SmallModels::nearerBelow), "relative_inverse_depth");
    assertThat(report.complaints()).isEmpty();
    assertThat(report.facts())
        .anyMatch(fact -> fact.contains("64x48"))
        .anyMatch(fact -> fact.contains("takes a black picture"));
  }

  @Test
  void theBuiltInNetworkIsUsable() {
    ModelCheck.Report report = ModelCheck.of(Models.BUILT_IN, 1);
    assertThat(report.complaints()).isEmpty();
    assertThat(report.facts()).anyMatch(fact -> fact.contains("128x96"));
  }

  @Test
  void aNetworkThatIsWishedForOnAGpuThatItsEngineCannotUseRunsOnTheCpuAndSaysWhy()
      throws IOException {
    NetworkPlace gpu = NetworkPlace.gpu(1, 99); // no machine has so many
    Path torch = SmallModels.described(temp, "rows.pt", SmallModels.torchScript(), "metric_depth");
    try (DepthPrior byOnnx = Models.named(Models.BUILT_IN, gpu);
        DepthPrior byTorch = Models.open(torch, gpu);
        DepthPrior unasked = Models.open(torch, NetworkPlace.cpu(1))) {
      assertThat(byOnnx.engine()).matches("ONNX Runtime .* on the CPU: its CUDA provider .*");
      assertThat(byTorch.engine()).matches("PyTorch .* on the CPU: its build sees no GPU 99");
      assertThat(unasked.engine()).endsWith("on the CPU: a GPU was not asked for");
    }
  }

  @Test
  void aTorchScriptNetworkIsUsableToo() throws IOException {
    Path yaml =
        SmallModels.described(temp, "rows.pt", SmallModels.torchScript(), "relative_inverse_depth");
    ModelCheck.Report report = ModelCheck.of(yaml.toString(), 1);
    assertThat(report.complaints()).isEmpty();
    assertThat(report.facts()).anyMatch(fact -> fact.contains("64x48"));
  }

  @Test
  void depthTakenForInverseDepthIsNoticed() throws IOException {
    ModelCheck.Report report = check(SmallModels.onnx(SmallModels::nearerBelow), "metric_depth");
    assertThat(report.complaints())
        .singleElement()
        .asString()
        .contains("near and far are exchanged");
  }

  @Test
  void aNetworkThatSeesNothingIsNoticed() throws IOException {
    assertThat(check(SmallModels.onnx(row -> 2), "metric_depth").complaints())
        .first()
        .asString()
        .contains("the same number everywhere");
  }

  @Test
  void notANumberIsRefused() throws IOException {
    assertThat(check(SmallModels.onnx(row -> -1, "Sqrt"), "metric_depth").complaints())
        .first()
        .asString()
        .contains("answers with NaN");
  }

  @Test
  void aFileCutShortIsNamed() throws IOException {
    byte[] whole = SmallModels.onnx(SmallModels::nearerBelow);
    assertThat(check(Arrays.copyOf(whole, whole.length / 2), "metric_depth").complaints())
        .singleElement()
        .asString()
        .contains("rows.onnx")
        .contains("export it again");
    byte[] torch = SmallModels.torchScript();
    Path yaml =
        SmallModels.described(
            temp, "cut.pt", Arrays.copyOf(torch, torch.length / 2), "metric_depth");
    assertThat(ModelCheck.of(yaml.toString(), 1).complaints())
        .singleElement()
        .asString()
        .contains("cut.pt")
        .contains("does not take it as TorchScript");
  }

  @Test
  void aNetworkThatWantsAGpuIsNamedWithTheRemedy() throws IOException {
    byte[] onGpu = SmallModels.torchScript("torch.to(grey, torch.device(\"cuda:0\"))");
    Path yaml = SmallModels.described(temp, "gpu.pt", onGpu, "metric_depth");
    assertThat(ModelCheck.of(yaml.toString(), 1).complaints())
        .first()
        .asString()
        .contains("gpu.pt")
        .contains("wants a GPU")
        .contains("model.cpu()");
  }

  @Test
  void aSizeThatTheNetworkDoesNotTakeIsNamed() throws IOException {
    Path yaml =
        SmallModels.described(
            temp, "rows.onnx", SmallModels.onnx(SmallModels::nearerBelow), "metric_depth");
    Files.writeString(yaml, Files.readString(yaml).replace("width: 64", "width: 32"));
    assertThat(ModelCheck.of(yaml.toString(), 1).complaints())
        .first()
        .asString()
        .contains("fails on its input");
  }

  @Test
  void whatIsWrongWithADescriptionIsNamedByItsKey() throws IOException {
    Path yaml =
        SmallModels.described(
            temp, "rows.onnx", SmallModels.onnx(SmallModels::nearerBelow), "metric_depth");
    String good = Files.readString(yaml);
    assertComplaint(yaml, good + "gpu: true\n", "unknown key gpu");
    assertComplaint(yaml, good.replace("metric_depth", "colour"), "output: \"colour\" is none of");
    assertComplaint(yaml, good.replace("[0.229, 0.224, 0.225]", "[1, 0, 1]"), "std must be");
    assertComplaint(yaml, good.replace("width: 64\n", ""), "width: this key is missing");
    assertComplaint(yaml, good.replace("rows.onnx", "gone.onnx"), "gone.onnx: no such file");
    assertComplaint(yaml, good.replace("colours: rgb", "colours: grey"), "mean needs 1 numbers");
  }

  @Test
  void aFileThatIsNoModelIsRefusedByName() throws IOException {
    Path text = Files.writeString(temp.resolve("notes.txt"), "nothing");
    assertThat(ModelCheck.of(text.toString(), 1).complaints())
        .singleElement()
        .asString()
        .contains("notes.txt")
        .contains("describe a network of your own");
    Path other = Files.write(temp.resolve("other.onnx"), SmallModels.onnx(row -> 1));
    assertThat(ModelCheck.of(other.toString(), 1).complaints())
        .first()
        .asString()
        .contains("other.onnx")
        .contains("fails on its input");
  }

  private void assertComplaint(Path yaml, String text, String complaint) throws IOException {
    Files.writeString(yaml, text);
    assertThat(ModelCheck.of(yaml.toString(), 1).complaints())
        .as(complaint)
        .singleElement()
        .asString()
        .contains(complaint);
  }

  private ModelCheck.Report check(byte[] model, String output) throws IOException {
    return ModelCheck.of(SmallModels.described(temp, "rows.onnx", model, output).toString(), 1);
  }
}
