package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleFigures;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.odometry.Odometry;
import java.util.function.Consumer;

/** A unit of length that is what it is: any, or the metres that depth is measured in. */
final class FixedUnit implements UnitOfLength {
  private final ScaleSource source;

  FixedUnit(ScaleSource source, Consumer<Notice> notices) {
    this.source = source;
    notices.accept(Notice.info("Scale: " + source.label()));
  }

  @Override
  public ScaleSource source() {
    return source;
  }

  @Override
  public boolean isSettled() {
    return true;
  }

  @Override
  public double scaleStd() {
    return Double.NaN;
  }

  @Override
  public ScaleFigures figures() {
    return ScaleFigures.none();
  }

  @Override
  public void resume(double scaleStd) {}

  @Override
  public void forget() {}

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {}

  @Override
  public Odometry.Track settle(Odometry.Track track, CameraFrame frame) {
    return track;
  }
}
