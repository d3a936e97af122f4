package dev.tidemark.cli.config;

import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with a file, to report it all at once, in the file's order. */
final class Problems {
    private static final String HINT =
            "Correct the file. 'tidemark config reference' prints every key with its type and default.";

    /** What is wrong on no line, such as a missing key, comes last. */
    private static final Comparator<Problem> BY_LINE =
            Comparator.comparingInt(
                    problem -> problem.line == 0 ? Integer.MAX_VALUE : problem.line);

    /**
     * @param line 0: none
     * @param path empty: the file itself
     */
    private record Problem(int line, String path, String text) {
        @Override
        public String toString() {
            return (line == 0 ? "" : "line " + line + ": ")
                    + (path.isEmpty() ? "" : path + ": ")
                    + text;
        }
    }

    private final List<Problem> problems = new ArrayList<>();

    void add(int line, String path, String text) {
        problems.add(new Problem(line, path, text));
    }

    void throwIfAny(String file) {
        if (problems.isEmpty()) {
            return;
        }
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        String lines =
                problems.stream()
                        .sorted(BY_LINE)
                        .map(problem -> "\n  " + problem)
                        .collect(Collectors.joining());
        throw TidemarkException.usage(count + " in " + file + ":" + lines, HINT);
    }
}
