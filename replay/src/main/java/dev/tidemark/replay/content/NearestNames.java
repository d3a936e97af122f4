package dev.tidemark.replay.content;

import static java.util.Comparator.comparingInt;

import dev.tidemark.schemas.Nearest;
import java.util.List;
import java.util.Locale;

/** The names that look most like one that does not exist. */
final class NearestNames {
    private static final int NAMES_MAX = 5; // more would not be read

    private NearestNames() {}

    /** For people, as a hint. */
    static String hint(String wanted, List<String> names) {
        String plain = wanted.replace("\"", "").toLowerCase(Locale.ROOT);
        List<String> nearest =
                names.stream()
                        .sorted(comparingInt(name -> distance(plain, name)))
                        .limit(NAMES_MAX)
                        .toList();
        if (nearest.isEmpty()) {
            return "There is none at that moment.";
        }
        return "The nearest names there are %s. Capitals need double quotes."
                .formatted(String.join(", ", nearest));
    }

    /** To the name, or to what comes after its schema. */
    private static int distance(String wanted, String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        String last = folded.substring(folded.indexOf('.') + 1);
        return Math.min(Nearest.edits(wanted, folded), Nearest.edits(wanted, last));
    }
}
