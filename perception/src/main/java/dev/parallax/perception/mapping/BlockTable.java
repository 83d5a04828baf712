package dev.parallax.perception.mapping;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from packed block coordinates to values, with open addressing and linear probing;
 * nothing is boxed and removal leaves no tombstones. Not thread-safe.
 */
final class BlockTable<V> {
  private static final int MIN_CAPACITY = 8;

  private long[] keys = new long[MIN_CAPACITY];
  private @Nullable Object[] values = new Object[MIN_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  @Nullable V get(long key) {
    return valueAt(find(key));
  }

  void put(long key, V value) {
    int at = find(key);
    if (values[at] == null) {
      if (2 * (size + 1) > keys.length) {
        grow();
        at = find(key);
      }
      size++;
    }
    keys[at] = key;
    values[at] = value;
  }

  /**
   * @return the value removed, or null if there was none
   */
  @Nullable V remove(long key) {
    int gap = find(key);
    V removed = valueAt(gap);
    if (removed == null) {
      return null;
    }
    size--;
    values[gap] = null;
    int mask = keys.length - 1;
    // Knuth, TAOCP 6.4 algorithm R: move back whatever the gap would cut off from its home.
    for (int at = (gap + 1) & mask; values[at] != null; at = (at + 1) & mask) {
      int home = hash(keys[at]) & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        keys[gap] = keys[at];
        values[gap] = values[at];
        values[at] = null;
        gap = at;
      }
    }
    return removed;
  }

  void clear() {
    Arrays.fill(values, null);
    size = 0;
  }

  /** A fresh array of all keys, ascending: the same whatever the history of the table. */
  long[] sortedKeys() {
    long[] sorted = new long[size];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null) {
        sorted[n++] = keys[i];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /** The slot that holds the key, or the empty one where it belongs. */
  private int find(long key) {
    int mask = keys.length - 1;
    int at = hash(key) & mask;
    while (values[at] != null && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  @SuppressWarnings("unchecked") // only put() fills the slots
  private @Nullable V valueAt(int slot) {
    return (V) values[slot];
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new Object[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbours land far apart. */
  private static int hash(long key) {
    long h = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return (int) (h ^ (h >>> 31));
  }
}
