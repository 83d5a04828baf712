package dev.parallax.perception.prior;

import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a depth or flow network that somebody else made.
 *
 * @param width of the pictures it takes; likewise {@code height}
 * @param colours order of the channels it takes
 * @param mean {@code [channels]} taken off the channels' values in 0..1, then divided by {@code
 *     std}
 * @param output what its numbers are
 * @param licence what its maker allows, for people to read
 */
public record UserModel(
    int width,
    int height,
    Colours colours,
    double[] mean,
    double[] std,
    Output output,
    String licence) {
  private static final int LARGEST = 4096;

  /** Order of the channels. */
  public enum Colours {
    RGB(3),
    BGR(3),
    GREY(1);

    private final int channels;

    Colours(int channels) {
      this.channels = channels;
    }

    public int channels() {
      return channels;
    }
  }

  /** What comes out, one number a pixel where not said otherwise. */
  public enum Output {
    METRIC_DEPTH(PriorDepth.Meaning.METRIC, false),
    RELATIVE_DEPTH(PriorDepth.Meaning.UP_TO_SCALE, false),
    /** As Depth Anything and MiDaS: larger is nearer, scale and shift unknown. */
    RELATIVE_INVERSE_DEPTH(PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT, true),
    /** Where each pixel of a first picture lies in a second, two numbers a pixel, as RAFT. */
    FLOW(null, false);

    private final PriorDepth.@Nullable Meaning meaning;
    private final boolean inverse;

    Output(PriorDepth.@Nullable Meaning meaning, boolean inverse) {
      this.meaning = meaning;
      this.inverse = inverse;
    }

    /**
     * @throws IllegalStateException for flow, which is no depth
     */
    PriorDepth.Meaning meaning() {
      if (meaning == null) {
        throw new IllegalStateException(this + " is no depth");
      }
      return meaning;
    }

    /** Whether two pictures go in and flow comes out; a depth of one picture otherwise. */
    public boolean isFlow() {
      return meaning == null;
    }

    /** Whether larger numbers are nearer. */
    public boolean isInverse() {
      return inverse;
    }
  }

  public UserModel {
    if (width < 1 || height < 1 || width > LARGEST || height > LARGEST) {
      throw new IllegalArgumentException(
          "width and height must be 1 to %d, got %dx%d".formatted(LARGEST, width, height));
    }
    requireChannels("mean", mean, colours);
    requireChannels("std", std, colours);
    for (double value : std) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("std must be positive, got " + value);
      }
    }
  }

  private static void requireChannels(String key, double[] values, Colours colours) {
    if (values.length != colours.channels()) {
      throw new IllegalArgumentException(
          "%s needs %d numbers for %s, got %d"
              .formatted(key, colours.channels(), colours, values.length));
    }
  }
}
