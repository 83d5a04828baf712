package dev.parallax.kernels.cuda;

import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.Shape;

/** Dense inverse search with variational refinement, one level after the other: {@code flow.cu}. */
final class DenseFlow implements AutoCloseable {
  /** Pixels along the edge of a patch, and from one patch to the next. */
  private static final int PATCH = 8;

  private static final int PATCH_STRIDE = 4;
  private static final int PATCHES_PER_BLOCK = 8;
  private static final int SEARCH_ROUNDS = 2;
  private static final int REFINEMENTS = 5;
  private static final int REFINED_TILE = 16;

  /** Search ends at half the picture's size: a quarter had 1.5 times the error on Middlebury. */
  private static final int FINEST = 1;

  /** The coarsest level is at least this large, pixels. */
  private static final int MIN_COARSEST_PX = 12;

  private final CudaStream stream;
  private final CudaFunction rescale;
  private final CudaFunction search;
  private final CudaFunction densify;
  private final CudaFunction warp;
  private final CudaFunction gradients;
  private final CudaFunction refine;
  private final Scratch[] flows = {new Scratch(), new Scratch(), new Scratch()};
  private final Scratch[] patches = {new Scratch(), new Scratch()};
  private final Scratch guessLevel = new Scratch();
  private final Scratch meanAndDifference = new Scratch();
  private final Scratch gradient = new Scratch();

  DenseFlow(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    rescale = device.function("rescale_flow");
    search = device.function("search_patches");
    densify = device.function("densify");
    warp = device.function("warp_pictures");
    gradients = device.function("gradients_of_warped");
    refine = device.function("refine_flow");
  }

  /** The coarsest level used for pictures of this size. */
  static int coarsest(Shape picture) {
    int level = FINEST;
    while (Math.min(picture.width(), picture.height()) >> (level + 1) >= MIN_COARSEST_PX) {
      level++;
    }
    return level;
  }

  /** Answers a request, on the whole picture's grid or half of it, from its pictures' pyramids. */
  void run(Request request, FlowPyramid from, FlowPyramid to) {
    Shape picture = request.from().shape();
    int coarsest = coarsest(picture);
    CudaBuffer flow = CudaBuffer.live(request.flow());
    float stride = request.stride();
    CudaBuffer previous = null;
    for (int level = coarsest; level >= FINEST; level--) {
      Shape size = from.level(level).shape();
      CudaBuffer start = flows[0].words(size.height(), size.width(), 2);
      if (previous != null) {
        rescale(previous, start, 2);
      } else if (request.startFromFlow()) {
        rescale(flow, start, stride / (1 << level));
      } else {
        stream.fill(start, 0);
      }
      CudaBuffer guess = start;
      if (request.startFromFlow()) {
        guess = guessLevel.words(size.height(), size.width(), 2);
        rescale(flow, guess, stride / (1 << level));
      }
      previous = atLevel(from.level(level), to.level(level), start, guess, request.startFromFlow());
    }
    if (previous != null) {
      rescale(previous, flow, (1 << FINEST) / stride);
    }
  }

  private CudaBuffer atLevel(
      CudaBuffer from, CudaBuffer to, CudaBuffer start, CudaBuffer guess, boolean hasGuess) {
    int width = from.shape().width();
    int height = from.shape().height();
    int across = count(width);
    int down = count(height);
    CudaBuffer before = patches[0].words(down, across, 2);
    CudaBuffer after = patches[1].words(down, across, 2);
    for (int round = 0; round < SEARCH_ROUNDS; round++) {
      stream
          .launch(search)
          .with(from)
          .with(to)
          .with(width)
          .with(height)
          .with(start)
          .with(guess)
          .with(hasGuess ? 1 : 0)
          .with(before)
          .with(after)
          .with(across)
          .with(down)
          .with(round == 0 ? 1 : 0)
          .blocks(
              (across * down + PATCHES_PER_BLOCK - 1) / PATCHES_PER_BLOCK,
              1,
              PATCHES_PER_BLOCK * PATCH);
      CudaBuffer swap = before;
      before = after;
      after = swap;
    }
    CudaBuffer dense = flows[1].words(height, width, 2);
    stream
        .launch(densify)
        .with(from)
        .with(to)
        .with(before)
        .with(across)
        .with(down)
        .with(dense)
        .with(width)
        .with(height)
        .overPixels(width, height);
    return refined(from, to, dense);
  }

  private static int count(int pixels) {
    return Math.max(0, pixels - PATCH + PATCH_STRIDE - 1) / PATCH_STRIDE + 1;
  }

  private CudaBuffer refined(CudaBuffer from, CudaBuffer to, CudaBuffer dense) {
    int width = from.shape().width();
    int height = from.shape().height();
    CudaBuffer pictures = meanAndDifference.words(height, width, 2);
    CudaBuffer slopes = gradient.words(height, width, 4);
    stream
        .launch(warp)
        .with(from)
        .with(to)
        .with(dense)
        .with(pictures)
        .with(width)
        .with(height)
        .overPixels(width, height);
    stream
        .launch(gradients)
        .with(pictures)
        .with(slopes)
        .with(width)
        .with(height)
        .overPixels(width, height);
    // The first search's start is no longer needed: its memory and one more take turns.
    CudaBuffer[] turns = {flows[0].words(height, width, 2), flows[2].words(height, width, 2)};
    CudaBuffer current = dense;
    for (int step = 0; step < REFINEMENTS; step++) {
      // Ends in flows[2]: the next level's start overwrites flows[0] while this is read.
      CudaBuffer next = turns[(REFINEMENTS - step) % 2];
      stream
          .launch(refine)
          .with(dense)
          .with(current)
          .with(pictures)
          .with(slopes)
          .with(next)
          .with(width)
          .with(height)
          .blocks(divide(width), divide(height), REFINED_TILE * REFINED_TILE);
      current = next;
    }
    return current;
  }

  private static int divide(int pixels) {
    return (pixels + REFINED_TILE - 1) / REFINED_TILE;
  }

  private void rescale(CudaBuffer in, CudaBuffer out, float scale) {
    stream
        .launch(rescale)
        .with(in)
        .with(in.shape().width())
        .with(in.shape().height())
        .with(out)
        .with(out.shape().width())
        .with(out.shape().height())
        .with(scale)
        .overPixels(out.shape().width(), out.shape().height());
  }

  @Override
  public void close() {
    for (Scratch scratch : flows) {
      scratch.close();
    }
    for (Scratch scratch : patches) {
      scratch.close();
    }
    guessLevel.close();
    meanAndDifference.close();
    gradient.close();
  }
}
