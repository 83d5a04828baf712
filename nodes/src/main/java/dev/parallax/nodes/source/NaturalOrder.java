package dev.parallax.nodes.source;

import java.nio.file.Path;
import java.util.Comparator;

/** Orders names as people do: runs of digits by their value, all else by character. */
final class NaturalOrder implements Comparator<String> {
  static final Comparator<Path> OF_PATHS =
      Comparator.comparing((Path path) -> String.valueOf(path.getFileName()), new NaturalOrder());

  @Override
  public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int iEnd = digitsEnd(a, i);
      int jEnd = digitsEnd(b, j);
      int order;
      if (iEnd > i && jEnd > j) {
        order = compareNumbers(a.substring(i, iEnd), b.substring(j, jEnd));
        i = iEnd;
        j = jEnd;
      } else {
        order = Character.compare(a.charAt(i++), b.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    int rest = Integer.compare(a.length() - i, b.length() - j);
    return rest != 0 ? rest : a.compareTo(b); // 07 and 7 are equal so far, but not the same file
  }

  private static int digitsEnd(String s, int from) {
    int end = from;
    while (end < s.length() && s.charAt(end) >= '0' && s.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static int compareNumbers(String a, String b) {
    String x = a.replaceFirst("^0+(?=.)", "");
    String y = b.replaceFirst("^0+(?=.)", "");
    return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
  }
}
