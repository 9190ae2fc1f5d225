package sh.fazt.mesh.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The 2,048 English words of BIP-39, in alphabetical order; no two begin with the same four
 * letters. Immutable.
 *
 * <p>https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt
 */
final class WordList {
  static final int SIZE = 2_048;

  private static final String RESOURCE = "bip39-english.txt";
  private static final List<String> ENGLISH = read();

  private WordList() {}

  static String word(int number) {
    return ENGLISH.get(number);
  }

  /** Its place in the list, from 0. */
  static OptionalInt number(String word) {
    int found = Collections.binarySearch(ENGLISH, word);
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /**
   * The word that takes the fewest letters changed, added, left out or exchanged with their
   * neighbours; of several the first.
   */
  static String nearest(String typed) {
    return ENGLISH.stream()
        .min(Comparator.comparingInt(word -> edits(typed, word)))
        .orElseThrow(() -> new IllegalStateException("the list is empty"));
  }

  /** Damerau's distance, in which no letter moves twice. */
  private static int edits(String typed, String word) {
    int[][] rows = new int[typed.length() + 1][word.length() + 1];
    for (int i = 0; i <= typed.length(); i++) {
      for (int j = 0; j <= word.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        int change = typed.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1;
        int least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        rows[i][j] = Math.min(least, rows[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && typed.charAt(i - 1) == word.charAt(j - 2)
            && typed.charAt(i - 2) == word.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[typed.length()][word.length()];
  }

  private static List<String> read() {
    try (InputStream in = WordList.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + RESOURCE);
      }
      List<String> words =
          new ArrayList<>(
              new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList());
      if (words.size() != SIZE) {
        throw new IllegalStateException(RESOURCE + " has " + words.size() + " words");
      }
      return List.copyOf(words);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + RESOURCE, e);
    }
  }
}
