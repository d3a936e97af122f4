package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.TextForm;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a replication session Tidemark's text form, and proves it before the first row: values
 * whose text depends on settings are written by the very session that will stream, and compared.
 */
final class TextFormSelfTest {
    /** Expression and the text it must have. */
    private record Probe(String expression, String text) {}

    private static final List<Probe> PROBES =
            List.of(
                    new Probe(
                            "timestamptz '1999-01-08 04:05:06.789-08'",
                            "1999-01-08 12:05:06.789+00"),
                    new Probe("date '0044-03-15 BC'", "0044-03-15 BC"),
                    new Probe("interval '1 year -2 days 03:04:05.6'", "1 year -2 days +03:04:05.6"),
                    new Probe("bytea '\\x00ff5c'", "\\x00ff5c"),
                    new Probe("float8 '0.1' + float8 '0.2'", "0.30000000000000004"),
                    new Probe("float4 '16777216.5'", "1.6777216e+07"),
                    new Probe("12.34::money", "$12.34"),
                    new Probe("'pg_catalog.pg_class'::regclass", "pg_class"));

    private TextFormSelfTest() {}

    /**
     * Sets and proves.
     *
     * @throws TidemarkException when a value's text is not what the format says
     */
    static void prepare(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            for (String setting : TextForm.sql().split("; ")) {
                statement.execute(setting);
            }
            List<String> wrong = new ArrayList<>();
            for (Probe probe : PROBES) {
                try (ResultSet answer =
                        statement.executeQuery("SELECT (" + probe.expression + ")::text")) {
                    answer.next();
                    String text = answer.getString(1);
                    if (!probe.text.equals(text)) {
                        wrong.add(
                                probe.expression + " is '" + text + "', not '" + probe.text + "'");
                    }
                }
            }
            if (!wrong.isEmpty()) {
                throw TidemarkException.refused(
                        "the replication session does not write values as the archive needs them: "
                                + wrong,
                        "This server version may be too new for this Tidemark; please report it.");
            }
        }
    }
}
