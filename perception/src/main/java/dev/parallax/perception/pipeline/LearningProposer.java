package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.ScaleBelief;
import dev.parallax.perception.frame.ScaleSource;
import java.util.Optional;

/**
 * A source that learns the scale by and by, and tells a person where nothing comes of it. Agent
 * thread only.
 *
 * @param <B> what it learns by
 */
abstract sealed class LearningProposer<B extends ScaleBelief> implements ScaleProposer
    permits GroundProposer, InertialProposer, PriorProposer, SpeedProposer {
  final B scale;
  final Patience silence;
  private final ScaleSource source;
  private final double ownStd;
  private final int patienceFrames;

  /**
   * @param ownStd how far the sensor's own scale may be off, one standard deviation over it
   * @param patienceFrames frames without a scale after which a person is told
   */
  LearningProposer(ScaleSource source, B scale, double ownStd, int patienceFrames) {
    this.source = source;
    this.scale = scale;
    this.ownStd = ownStd;
    this.patienceFrames = patienceFrames;
    silence = new Patience(patienceFrames);
  }

  @Override
  public final ScaleSource source() {
    return source;
  }

  @Override
  public final double ownStd() {
    return ownStd;
  }

  @Override
  public final Optional<Proposal> proposal() {
    return scale.isKnown()
        ? Optional.of(new Proposal(scale.scale(), scale.relativeStd()))
        : Optional.empty();
  }

  @Override
  public final void resume(double scaleStd) {
    scale.resume(scaleStd);
  }

  @Override
  public final void forget() {
    scale.forget();
    silence.renew();
  }

  /**
   * What a person should know once patience has run out.
   *
   * @param saying with {@code %d} for the frames that it lasted
   */
  final Optional<Notice> complaintOfSilence(String saying) {
    return silence.runsOut()
        ? Optional.of(Notice.warning(saying.formatted(patienceFrames)))
        : Optional.empty();
  }
}
