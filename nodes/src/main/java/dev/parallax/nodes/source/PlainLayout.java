package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pictures in the natural order of their names, with an optional {@code camera.yaml} and {@code
 * times.txt} (seconds, a line a picture). Without times they are taken to be 30 Hz, without a
 * calibration the focal length is assumed; both are said.
 */
final class PlainLayout implements FolderLayout {
  private static final double ASSUMED_RATE_HZ = 30;

  @Override
  public String description() {
    return "plain (pictures .png .jpg, camera.yaml, times.txt)";
  }

  @Override
  public boolean matches(Path folder) {
    return !FolderFiles.pictures(folder).isEmpty();
  }

  @Override
  public List<FolderFrame> frames(Path folder, Consumer<String> warnings) {
    List<Path> pictures = FolderFiles.pictures(folder);
    Path timesFile = folder.resolve("times.txt");
    boolean timed = Files.exists(timesFile);
    List<String> times = timed ? withoutBlankEnd(FolderFiles.lines(timesFile)) : List.of();
    if (timed && times.size() != pictures.size()) {
      throw new SourceException(
          "%s: has %d stamps for %d pictures; give one line a picture or remove it"
              .formatted(timesFile, times.size(), pictures.size()));
    }
    if (!timed) {
      warnings.accept(
          "%s: no times.txt; took the pictures to be at 30 Hz, so speeds may be wrong"
              .formatted(folder));
    }
    List<FolderFrame> frames = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      Timestamp stamp =
          timed
              ? FolderFiles.stamp(timesFile, i + 1, times.get(i))
              : Timestamp.ofSeconds(i / ASSUMED_RATE_HZ);
      frames.add(new FolderFrame(stamp, pictures.get(i), null));
    }
    return frames;
  }

  @Override
  public CameraCalibration calibration(
      Path folder, List<FolderFrame> frames, Consumer<String> warnings) {
    Optional<CameraCalibration> given = FolderFiles.calibration(folder);
    if (given.isPresent()) {
      return given.get();
    }
    Picture first = FolderFiles.firstPicture(folder, frames);
    CameraCalibration assumed = AssumedCamera.of(first.width(), first.height());
    warnings.accept(AssumedCamera.warning(folder.toString(), "no camera.yaml", assumed));
    return assumed;
  }

  @Override
  public List<StampedPose> poses(Path folder, List<FolderFrame> frames) {
    return List.of();
  }

  private static List<String> withoutBlankEnd(List<String> lines) {
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    return lines.subList(0, end);
  }
}
