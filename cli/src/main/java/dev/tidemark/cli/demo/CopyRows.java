package dev.tidemark.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into a table by COPY, in PostgreSQL's text format
 * (https://www.postgresql.org/docs/current/sql-copy.html). For one thread.
 */
final class CopyRows {
    /** SQL NULL as a field. */
    static final Object NULL = new Object();

    /** Large enough that a message to the server costs little beside its content. */
    private static final int BUFFER_CHARS = 64 * 1024;

    private final CopyIn copy;
    private final StringBuilder buffer = new StringBuilder(2 * BUFFER_CHARS);

    private CopyRows(CopyIn copy) {
        this.copy = copy;
    }

    /** Writes the rows of one COPY. */
    @FunctionalInterface
    interface Rows {
        void writeTo(CopyRows out) throws SQLException;
    }

    /**
     * Copies rows and returns their number.
     *
     * @param target the table with its columns, as SQL
     */
    static long copy(Connection connection, String target, Rows rows) throws SQLException {
        CopyIn copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + target + " FROM STDIN");
        try {
            CopyRows out = new CopyRows(copy);
            rows.writeTo(out);
            out.flush();
            return copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Writes one row: text, numbers, times, bytes, lists as arrays, or {@link #NULL}. */
    void row(Object... fields) throws SQLException {
        for (int i = 0; i < fields.length; i++) {
            if (i > 0) {
                buffer.append('\t');
            }
            append(fields[i]);
        }
        buffer.append('\n');
        if (buffer.length() >= BUFFER_CHARS) {
            flush();
        }
    }

    private void append(Object field) {
        if (field == NULL) {
            buffer.append("\\N");
        } else if (field instanceof byte[] bytes) {
            buffer.append("\\\\x");
            buffer.append(HexFormat.of().formatHex(bytes));
        } else {
            appendEscaped(field instanceof List<?> list ? array(list) : field.toString());
        }
    }

    private void appendEscaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                default -> buffer.append(c);
            }
        }
    }

    /** An array's text form; every element is quoted, which is always allowed. */
    static String array(List<?> elements) {
        StringBuilder text = new StringBuilder("{");
        for (Object element : elements) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (element == NULL) {
                text.append("NULL");
            } else {
                String escaped = element.toString().replace("\\", "\\\\").replace("\"", "\\\"");
                text.append('"').append(escaped).append('"');
            }
        }
        return text.append('}').toString();
    }

    private void flush() throws SQLException {
        byte[] bytes = buffer.toString().getBytes(UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }
}
