package dev.parallax.kernels.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the strongest of many points so that they are spread over the picture: every cell of a
 * grid gives its best, then its second best, and so on until enough are chosen.
 */
final class SpreadChoice {
  /**
   * Cells that share one wanted point between them are too small, ones that share many too coarse.
   */
  private static final int POINTS_PER_CELL = 4;

  private final int width;
  private final int height;
  private final float[] uv;
  private final float[] response;

  /**
   * @param uv {@code [n 2]} pixels
   * @param response {@code [n]} strength, larger is better
   */
  SpreadChoice(int width, int height, float[] uv, float[] response) {
    this.width = width;
    this.height = height;
    this.uv = uv;
    this.response = response;
  }

  /** Indices of at most {@code wanted} points, ascending. Equal points are taken in their order. */
  int[] best(int wanted) {
    if (response.length <= wanted) {
      return ascending(response.length);
    }
    double cellPx = Math.sqrt((double) width * height * POINTS_PER_CELL / wanted);
    int columns = (int) Math.ceil(width / cellPx);
    int rows = (int) Math.ceil(height / cellPx);
    List<List<Integer>> cells = new ArrayList<>();
    for (int c = 0; c < rows * columns; c++) {
      cells.add(new ArrayList<>());
    }
    for (int i = 0; i < response.length; i++) {
      int column = Math.min((int) (uv[2 * i] / cellPx), columns - 1);
      int row = Math.min((int) (uv[2 * i + 1] / cellPx), rows - 1);
      cells.get(row * columns + column).add(i);
    }
    for (List<Integer> cell : cells) {
      cell.sort(Comparator.comparing((Integer i) -> response[i]).reversed());
    }
    return firstOfEach(cells, wanted);
  }

  private static int[] firstOfEach(List<List<Integer>> cells, int wanted) {
    int[] chosen = new int[wanted];
    int n = 0;
    for (int rank = 0; n < wanted; rank++) {
      for (int c = 0; c < cells.size() && n < wanted; c++) {
        if (rank < cells.get(c).size()) {
          chosen[n++] = cells.get(c).get(rank);
        }
      }
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private static int[] ascending(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }
}
