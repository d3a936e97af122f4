package dev.tidemark.replay.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a statement that PostgreSQL wrote: names without their quotes, signs, no texts. */
final class SqlWords {
    private static final Pattern WORD =
            Pattern.compile(
                    "[eE]'(?:[^'\\\\]++|''|\\\\.)*+'|'(?:[^']++|'')*+'|\"((?:[^\"]++|\"\")*+)\"|([\\p{L}_][\\p{L}\\p{N}_$]*)|([^\\s\\p{L}_'\"])",
                    Pattern.DOTALL);

    private SqlWords() {}

    static List<String> of(String statement) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(statement);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                words.add(matcher.group(1).replace("\"\"", "\""));
            } else if (matcher.group(2) != null) {
                words.add(matcher.group(2));
            } else if (matcher.group(3) != null) {
                words.add(matcher.group(3));
            }
        }
        return words;
    }

    /** The words in the first parentheses after some place, without inner parentheses' signs. */
    static List<String> inParentheses(List<String> words, int from) {
        List<String> inside = new ArrayList<>();
        int depth = 0;
        for (String word : words.subList(from, words.size())) {
            if (word.equals(")") && --depth == 0) {
                break;
            }
            if (depth > 0 && !word.equals("(") && !word.equals(",")) {
                inside.add(word);
            }
            if (word.equals("(")) {
                depth++;
            }
        }
        return inside;
    }
}
