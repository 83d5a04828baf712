package dev.parallax.perception.prior;

/**
 * What has to be known of a depth network that somebody else made.
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

  /** What comes out, one number a pixel. */
  public enum Output {
    METRIC_DEPTH(PriorDepth.Meaning.METRIC, false),
    RELATIVE_DEPTH(PriorDepth.Meaning.UP_TO_SCALE, false),
    /** As Depth Anything and MiDaS: larger is nearer, scale and shift unknown. */
    RELATIVE_INVERSE_DEPTH(PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT, true);

    private final PriorDepth.Meaning meaning;
    private final boolean inverse;

    Output(PriorDepth.Meaning meaning, boolean inverse) {
      this.meaning = meaning;
      this.inverse = inverse;
    }

    PriorDepth.Meaning meaning() {
      return meaning;
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
