package dev.tidemark.schemas;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses which known word a mistyped one was meant to be. */
public final class Nearest {
    private Nearest() {}

    /** The known word with the fewest edits; empty when more than a third of it had to change. */
    public static Optional<String> to(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .filter(best -> edits(word, best) <= Math.max(2, best.length() / 3));
    }

    /** Levenshtein's distance: how many characters are to be put in, taken out or changed. */
    public static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
