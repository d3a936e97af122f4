package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.RowsDigest;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads what a query gives, by COPY. */
final class RowsOut {
    /** Takes a row. */
    interface Sink {
        void row(List<Value> row) throws IOException;
    }

    private RowsOut() {}

    /** Reads all of it. */
    static RowsChecksum read(Connection connection, String query, Sink sink)
            throws SQLException, IOException {
        RowsDigest digest = new RowsDigest();
        CopyOut copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (" + query + ") TO STDOUT");
        try {
            // PostgreSQL sends each row as a message of its own: "COPY Operations" in its protocol.
            for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
                MoveSession.checkGoesOn();
                digest.add(line, 0, line.length - 1);
                sink.row(fields(line, line.length - 1));
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy(); // else nothing could be said in this session, not even to
                // undo it
            }
        }
        return digest.checksum();
    }

    /** The fields of a line, without the newline at its end. */
    static List<Value> fields(byte[] line, int length) {
        List<Value> fields = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= length; at++) {
            if (at == length || line[at] == '\t') {
                fields.add(field(line, start, at));
                start = at + 1;
            }
        }
        return fields;
    }

    private static Value field(byte[] line, int from, int to) {
        if (to - from == 2 && line[from] == '\\' && line[from + 1] == 'N') {
            return Value.Mark.NULL;
        }
        byte[] text = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            byte each = line[at];
            if (each == '\\') {
                at++;
                each = unescaped(line[at]);
            }
            text[length++] = each;
        }
        return new Value.Text(length == text.length ? text : Arrays.copyOf(text, length));
    }

    /** COPY writes no other escapes than these and the backslash itself. */
    private static byte unescaped(byte letter) {
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
