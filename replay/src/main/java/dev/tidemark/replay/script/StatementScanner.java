package dev.tidemark.replay.script;

import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits SQL at its semicolons, as psql does: not in texts, names, comments, dollar quotes,
 * parentheses or a function's {@code BEGIN ATOMIC … END}. Source: <a
 * href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical Structure</a>. For
 * one thread, once.
 */
final class StatementScanner {
    private static final String REST = "'%s' in line %d is not closed";

    private static final Pattern PART =
            Pattern.compile(
                    """
                    (?<space>\\s+|--[^\\n]*)\
                    |(?<comment>/\\*)\
                    |(?<escaped>[eE]'(?:[^'\\\\]|''|\\\\.)*+')\
                    |(?<text>'(?:[^']|'')*+')\
                    |(?<name>"(?:[^"]|"")*+")\
                    |(?<dollar>\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$)\
                    |(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*|\\p{N}[\\p{L}\\p{N}_.]*)\
                    |(?<sign>.)""",
                    Pattern.DOTALL);

    private final String name;
    private final String text;
    private final List<UserScript.Statement> statements = new ArrayList<>();
    private final List<String> words = new ArrayList<>(); // of the statement, lower case
    private int start = -1; // of the statement
    private int parentheses;
    private int blocks; // BEGIN and CASE of a function's body

    StatementScanner(String name, String text) {
        this.name = name;
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    List<UserScript.Statement> statements() {
        Matcher matcher = PART.matcher(text);
        int at = 0;
        while (at < text.length() && matcher.find(at)) {
            at = take(matcher);
        }
        end(text.length());
        return statements;
    }

    /** Where the next part begins. */
    private int take(Matcher part) {
        if (part.group("space") != null) {
            return part.end();
        }
        if (part.group("comment") != null) {
            return commentEnd(part.start());
        }
        if (part.group("sign") != null) {
            return sign(part.group("sign").charAt(0), part);
        }
        begin(part.start());
        if (part.group("dollar") != null) {
            return dollarEnd(part);
        }
        if (part.group("word") != null) {
            word(part.group("word").toLowerCase(Locale.ROOT));
        }
        return part.end();
    }

    private int sign(char sign, Matcher part) {
        switch (sign) {
            case '\\' -> throw metaCommand(part.start());
            case '\'', '"' -> throw notClosed(sign, part.start());
            case '(' -> parentheses++;
            case ')' -> parentheses = Math.max(0, parentheses - 1);
            default -> {}
        }
        if (sign == ';' && parentheses == 0 && blocks == 0) {
            end(part.start());
        } else if (sign != ';' || start >= 0) {
            begin(part.start());
        }
        return part.end();
    }

    private void word(String word) {
        if (words.size() < 4) {
            words.add(word);
        }
        boolean isRoutine =
                words.getFirst().equals("create")
                        && (words.contains("function") || words.contains("procedure"));
        if (!isRoutine) {
            return;
        }
        switch (word) {
            case "begin" -> blocks++;
            case "case" -> blocks += blocks > 0 ? 1 : 0;
            case "end" -> blocks = Math.max(0, blocks - 1);
            default -> {}
        }
    }

    private void begin(int at) {
        if (start < 0) {
            start = at;
        }
    }

    private void end(int at) {
        if (start >= 0) {
            statements.add(
                    new UserScript.Statement(line(start), text.substring(start, at).strip()));
        }
        start = -1;
        parentheses = 0;
        words.clear();
    }

    /** Comments may hold comments. */
    private int commentEnd(int from) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            if (text.startsWith("/*", at)) {
                depth++;
                at++;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at++;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        throw notClosed("/*", from);
    }

    private int dollarEnd(Matcher part) {
        String quote = part.group("dollar");
        int end = text.indexOf(quote, part.end());
        if (end < 0) {
            throw notClosed(quote, part.start());
        }
        return end + quote.length();
    }

    private TidemarkException metaCommand(int at) {
        String line = text.substring(at).lines().findFirst().orElse("");
        return TidemarkException.usage(
                "the script %s has '%s' in line %d, which is a command of psql"
                        .formatted(name, line.strip(), line(at)),
                "Only SQL can run here, since psql does not. Write it as SQL, or take it out.");
    }

    private TidemarkException notClosed(Object quote, int at) {
        return TidemarkException.usage(
                ("the script %s cannot be read: " + REST).formatted(name, quote, line(at)),
                "Close it.");
    }

    private int line(int at) {
        return 1 + (int) text.substring(0, at).chars().filter(each -> each == '\n').count();
    }
}
