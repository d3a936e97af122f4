package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads lines of PostgreSQL's COPY text format, with its default delimiter and NULL:
 * https://www.postgresql.org/docs/current/sql-copy.html. For one thread.
 *
 * <p>Bytes are compared, not characters: in UTF-8 no byte of another character equals a tab, a
 * newline or a backslash.
 */
final class CopyLine {
    private final int fields;

    /**
     * A reader of rows of so many fields: the line of a row without fields and the line of one
     * empty text are the same.
     */
    CopyLine(int fields) {
        this.fields = fields;
    }

    /**
     * One line, with the newline at its end; owned by the values from now on, since large ones are
     * parts of it.
     */
    List<Value> parse(byte[] line) {
        int end = line.length - 1;
        if (end < 0 || line[end] != '\n') {
            throw new IllegalArgumentException("a line of COPY does not end with a newline");
        }
        List<Value> row = new ArrayList<>(fields);
        if (fields > 0) {
            int start = 0;
            for (int at = 0; at <= end; at++) {
                if (at == end || line[at] == '\t') {
                    row.add(value(line, start, at));
                    start = at + 1;
                }
            }
        } else if (end > 0) {
            throw new IllegalArgumentException("a row without fields has " + end + " bytes");
        }
        if (row.size() != fields) {
            throw new IllegalArgumentException(
                    "a row has " + row.size() + " fields instead of " + fields);
        }
        return row;
    }

    private static Value value(byte[] line, int start, int end) {
        if (end - start == 2 && line[start] == '\\' && line[start + 1] == 'N') {
            return Value.Mark.NULL;
        }
        int textEnd = unescape(line, start, end);
        return textEnd - start < Value.LARGE_BYTES
                ? new Value.Text(Arrays.copyOfRange(line, start, textEnd))
                : new Value.Large(ByteBuffer.wrap(line, start, textEnd - start).slice());
    }

    /** In its place, where it is never longer than before; returns where it ends. */
    private static int unescape(byte[] line, int start, int end) {
        int to = start;
        while (to < end && line[to] != '\\') {
            to++;
        }
        int at = to;
        while (at < end) {
            if (line[at] != '\\' || at + 1 == end) {
                line[to++] = line[at++];
                continue;
            }
            int digits = digits(line, at + 1, end);
            line[to++] = digits > 0 ? coded(line, at + 1, digits) : named(line[at + 1]);
            at += 1 + Math.max(1, digits);
        }
        return to;
    }

    /**
     * How many bytes after the backslash are a code: up to three octal, or x and two hex digits.
     */
    private static int digits(byte[] line, int from, int end) {
        boolean hex = line[from] == 'x';
        int first = hex ? from + 1 : from;
        int radix = hex ? 16 : 8;
        int max = Math.min(end, first + (hex ? 2 : 3));
        int at = first;
        while (at < max && Character.digit(line[at], radix) >= 0) {
            at++;
        }
        return at == first ? 0 : at - from;
    }

    private static byte coded(byte[] line, int from, int length) {
        boolean hex = line[from] == 'x';
        int code = 0;
        for (int at = hex ? from + 1 : from; at < from + length; at++) {
            code = code * (hex ? 16 : 8) + Character.digit(line[at], hex ? 16 : 8);
        }
        return (byte) (code & 0xFF); // as PostgreSQL does: \777 is the byte FF
    }

    private static byte named(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> letter;
        };
    }
}
