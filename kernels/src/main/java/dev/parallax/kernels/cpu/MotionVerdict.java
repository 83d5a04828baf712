package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CHANNELS;

/** From a surface's votes to whether its cells move. */
final class MotionVerdict {
  /** Flow errors repeat from frame to frame; each counts this much less. */
  private static final float CORRELATION = 2;

  /** Fewer votes than this, in the mean, tell nothing. */
  private static final float MIN_VOTES = 0.02f;

  private static final float MIN_MOTION_PX = 0.5f;

  /** Keeps a direction that nobody saw from counting. */
  private static final float RIDGE = 0.01f;

  /** The squared Mahalanobis distance of a surface's common motion that speaks for neither. */
  private static final float EVEN = 6;

  private static final float LOG_ODDS_PER_UNIT = 0.25f;
  private static final float MAX_GAIN = 1.5f;
  private static final float MAX_LOSS = 1;
  private static final float MEMORY = 0.5f;
  private static final float LIMIT = 4;
  private static final float MOVING = 0.5f;

  /** What has no sure depth and goes on from a moving surface moves from this distance on. */
  private static final float EVEN_WITHOUT_DEPTH = 4;

  private static final float SAME_FLOW_PX = 1.5f;

  private final CellFlow flow;
  private final float[] distance;
  private final int[] queue;

  /** {@code [ch cw]} the verdict. */
  final boolean[] moves;

  MotionVerdict(CellFlow flow) {
    this.flow = flow;
    int n = flow.width * flow.height;
    distance = new float[n];
    queue = new int[n];
    moves = new boolean[n];
  }

  /**
   * @param mean {@code [ch cw 6]} votes over each cell's surface
   * @param before {@code [ch cw]} log odds of the previous picture's cells
   * @param now receives those of the current one's
   */
  void weigh(float[] mean, float[] before, float[] now) {
    for (int r = 0; r < flow.height; r++) {
      for (int c = 0; c < flow.width; c++) {
        int i = r * flow.width + c;
        distance[i] = distance(mean, CHANNELS * i);
        float gain = LOG_ODDS_PER_UNIT * (distance[i] - EVEN);
        float heard = Float.isNaN(gain) ? 0 : Math.max(-MAX_LOSS, Math.min(MAX_GAIN, gain));
        float odds = MEMORY * flow.before(before, r, c) + heard;
        now[i] = Math.max(-LIMIT, Math.min(LIMIT, odds));
        moves[i] = now[i] > MOVING;
      }
    }
  }

  /** b^T A^-1 b with A the mean information and b the mean of M r; NaN if unheard. */
  private static float distance(float[] mean, int j) {
    if (!(mean[j] > MIN_VOTES)) {
      return Float.NaN;
    }
    float ridge = RIDGE * (mean[j + 1] + mean[j + 3]) + 1e-9f;
    float uu = mean[j + 1] + ridge;
    float uv = mean[j + 2];
    float vv = mean[j + 3] + ridge;
    float bu = mean[j + 4];
    float bv = mean[j + 5];
    float det = 1 / (uu * vv - uv * uv);
    float ru = det * (vv * bu - uv * bv);
    float rv = det * (uu * bv - uv * bu);
    boolean still = ru * ru + rv * rv < MIN_MOTION_PX * MIN_MOTION_PX;
    return still ? 0 : (bu * ru + bv * rv) / CORRELATION;
  }

  /**
   * Grows moving surfaces over their neighbours of like flow that have no sure depth: what moves
   * cannot be triangulated.
   *
   * @param sure {@code [ch cw]} whether the depth is sure
   */
  void grow(boolean[] sure) {
    int end = 0;
    for (int i = 0; i < moves.length; i++) {
      if (moves[i]) {
        queue[end++] = i;
      }
    }
    int w = flow.width;
    for (int k = 0; k < end; k++) {
      int i = queue[k];
      end = i % w > 0 ? reach(i, i - 1, sure, end) : end;
      end = i % w < w - 1 ? reach(i, i + 1, sure, end) : end;
      end = i >= w ? reach(i, i - w, sure, end) : end;
      end = i < moves.length - w ? reach(i, i + w, sure, end) : end;
    }
  }

  private int reach(int i, int j, boolean[] sure, int end) {
    boolean alike =
        Math.abs(flow.u[i] - flow.u[j]) + Math.abs(flow.v[i] - flow.v[j]) < SAME_FLOW_PX;
    // A distance of NaN, unheard, does not stop it.
    if (moves[j] || sure[j] || !alike || distance[j] <= EVEN_WITHOUT_DEPTH) {
      return end;
    }
    moves[j] = true;
    queue[end] = j;
    return end + 1;
  }
}
