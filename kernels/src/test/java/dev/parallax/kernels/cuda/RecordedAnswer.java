package dev.parallax.kernels.cuda;

import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * One output of a parity case, small enough to travel: all of a short one, of a long one every few
 * values and a hash of all.
 *
 * @param count how many values it had
 * @param hash of all of them
 * @param sample every seventh of them
 */
record RecordedAnswer(int count, int hash, float[] sample) {
  /** Longer outputs are sampled. */
  private static final int WHOLE = 20_000;

  private static final int STEP = 7; // no divisor of a width, so that no column is left out

  static RecordedAnswer of(float[] values) {
    return new RecordedAnswer(values.length, hash(values), sampled(values, step(values.length)));
  }

  private static int step(int count) {
    return count > WHOLE ? STEP : 1;
  }

  /** The same for values that are equal: all NaN are one, both zeros are one. */
  private static int hash(float[] values) {
    int hash = 1;
    for (float value : values) {
      hash = 31 * hash + Float.floatToIntBits(value + 0f);
    }
    return hash;
  }

  private static float[] sampled(float[] values, int step) {
    float[] sample = new float[(values.length + step - 1) / step];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = values[i * step];
    }
    return sample;
  }

  /**
   * How an answer differs by more than it may; empty if it does not. Where nothing may differ, the
   * hash speaks for the values that were left out.
   */
  Optional<Mismatch> mismatch(Tolerance tolerance, float[] actual) {
    if (actual.length != count) {
      return Optional.of(new Mismatch(actual.length, count, -1, 0, 0));
    }
    Optional<Mismatch> seen =
        Mismatch.between(tolerance, sample, sampled(actual, step(actual.length)));
    boolean isHidden = tolerance == Tolerance.NONE && hash(actual) != hash;
    return seen.isEmpty() && isHidden ? Optional.of(new Mismatch(1, count, -1, 0, 0)) : seen;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(count);
    out.writeInt(hash);
    // Byte by byte of all values: like beside like packs into less.
    for (int shift = 24; shift >= 0; shift -= 8) {
      for (float value : sample) {
        out.writeByte(Float.floatToRawIntBits(value) >> shift);
      }
    }
  }

  static RecordedAnswer read(DataInputStream in) throws IOException {
    int count = in.readInt();
    int hash = in.readInt();
    int[] bits = new int[(count + step(count) - 1) / step(count)];
    for (int shift = 24; shift >= 0; shift -= 8) {
      for (int i = 0; i < bits.length; i++) {
        bits[i] |= in.readUnsignedByte() << shift;
      }
    }
    float[] sample = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      sample[i] = Float.intBitsToFloat(bits[i]);
    }
    return new RecordedAnswer(count, hash, sample);
  }
}
