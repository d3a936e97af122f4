package dev.tidemark.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rows in columns that are aligned on a terminal, whatever the script; a column of numbers is
 * aligned to the right. Nothing is wrapped or cut. Control characters are shown as escapes, so that
 * a value from a database cannot move the cursor.
 */
public final class TextTable {
    private static final String GAP = "  ";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] isText;
    private final boolean[] isNumber;

    public TextTable(String... header) {
        this.header = List.of(header);
        this.isText = new boolean[header.length];
        this.isNumber = new boolean[header.length];
    }

    /** A column is one of numbers, whatever its cells are. */
    public TextTable numbers(int column) {
        isNumber[column] = true;
        return this;
    }

    /** Adds a row; a cell is shown as its toString. */
    public TextTable row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells for " + header.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (int column = 0; column < cells.length; column++) {
            isText[column] |= !(cells[column] instanceof Number);
            row.add(escaped(Objects.toString(cells[column])));
        }
        rows.add(row);
        return this;
    }

    /** Prints header and rows, the header in bold on a terminal. */
    public void print(PrintStream out, boolean isTerminal) {
        int[] widths = widths();
        String head = line(header, widths);
        out.println(isTerminal ? BOLD + head + PLAIN : head);
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private int[] widths() {
        int[] widths = header.stream().mapToInt(TextTable::width).toArray();
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        return widths;
    }

    private String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - width(cell));
            boolean isRight = isNumber[column] || (!isText[column] && !rows.isEmpty());
            line.append(column == 0 ? "" : GAP);
            line.append(isRight ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePoints().map(TextTable::columns).sum();
    }

    /** How many columns of a terminal a character takes: none, one or two. */
    private static int columns(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(point) || Character.isEmojiPresentation(point) ? 2 : 1;
        };
    }

    /** The blocks that Unicode's UAX #11 calls wide or fullwidth, as wcwidth() groups them. */
    private static boolean isWide(int point) {
        return (point >= 0x1100 && point <= 0x115F) // Hangul, leading consonants
                || (point >= 0x2E80 && point <= 0xA4CF && point != 0x303F) // CJK, Kana, Yi
                || (point >= 0xAC00 && point <= 0xD7A3) // Hangul syllables
                || (point >= 0xF900 && point <= 0xFAFF) // CJK, compatibility
                || (point >= 0xFE30 && point <= 0xFE6F) // CJK, vertical and small forms
                || (point >= 0xFF01 && point <= 0xFF60) // fullwidth forms
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x20000 && point <= 0x3FFFD); // CJK, extensions
    }

    /** A text without control characters: with escapes in their place. */
    public static String escaped(String text) {
        if (text.codePoints().noneMatch(Character::isISOControl)) {
            return text;
        }
        var escaped = new StringBuilder();
        text.codePoints().forEach(point -> escape(point, escaped));
        return escaped.toString();
    }

    private static void escape(int point, StringBuilder out) {
        switch (point) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isISOControl(point)) {
                    out.append("\\x%02x".formatted(point));
                } else {
                    out.appendCodePoint(point);
                }
            }
        }
    }
}
