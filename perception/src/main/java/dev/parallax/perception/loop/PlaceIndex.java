package dev.parallax.perception.loop;

import dev.parallax.kernels.Features;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Tells which places look like a picture without comparing with each: descriptors are filed under a
 * few of their bits, several times over (Indyk and Motwani 1998), and every place that shares a
 * drawer with a descriptor gets a vote, worth less the fuller the drawer. One thread at a time.
 */
final class PlaceIndex {
  private static final int TABLES = 6;
  private static final int BITS_PER_TABLE = 16;
  private static final long SEED = 20;

  private final int[][] bits = new int[TABLES][BITS_PER_TABLE];
  private final List<Map<Integer, List<Integer>>> tables = new ArrayList<>();
  private int places;

  PlaceIndex() {
    Random random = new Random(SEED);
    for (int t = 0; t < TABLES; t++) {
      bits[t] = random.ints(0, Features.BITS).distinct().limit(BITS_PER_TABLE).toArray();
      tables.add(new HashMap<>());
    }
  }

  /** Files a place; places come with indices 0, 1, 2, ... */
  void add(int place, Features features) {
    for (int t = 0; t < TABLES; t++) {
      for (int i = 0; i < features.count(); i++) {
        List<Integer> drawer =
            tables.get(t).computeIfAbsent(key(t, features, i), k -> new ArrayList<>(2));
        if (drawer.isEmpty() || drawer.get(drawer.size() - 1) != place) {
          drawer.add(place);
        }
      }
    }
    places = place + 1;
  }

  /**
   * The places that look most like a picture, best first.
   *
   * @param below only places with a smaller index
   */
  List<Integer> query(Features features, int below, int atMost) {
    double[] votes = new double[places];
    for (int t = 0; t < TABLES; t++) {
      for (int i = 0; i < features.count(); i++) {
        List<Integer> drawer = tables.get(t).getOrDefault(key(t, features, i), List.of());
        double weight = Math.log((1.0 + places) / Math.max(1, drawer.size()));
        for (int place : drawer) {
          votes[place] += weight;
        }
      }
    }
    List<Integer> found = new ArrayList<>();
    for (int place = 0; place < Math.min(below, places); place++) {
      if (votes[place] > 0) {
        found.add(place);
      }
    }
    found.sort(Comparator.comparingDouble((Integer p) -> -votes[p]).thenComparing(p -> p));
    return List.copyOf(found.subList(0, Math.min(atMost, found.size())));
  }

  private int key(int table, Features features, int i) {
    int key = 0;
    for (int bit : bits[table]) {
      long word = features.descriptors()[Features.WORDS * i + bit / Long.SIZE];
      key = 2 * key + (int) (word >>> (bit % Long.SIZE) & 1);
    }
    return key;
  }
}
