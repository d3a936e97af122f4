package dev.tidemark.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** A table of the types that exported Parquet has, with random values and the outermost ones. */
final class ExportedFigures {
    static final int ROWS = 300;

    static final String TABLE =
            """
            CREATE DOMAIN public.amount AS numeric(14,2) DEFAULT 0 CHECK (VALUE > -1e13);
            CREATE DOMAIN public.fee AS public.amount NOT NULL;
            CREATE TABLE public.figure (id int PRIMARY KEY, price numeric(12,2), wide numeric(38,10), round numeric(5,-2),
              tiny numeric(2,4), cost public.fee, ratio double precision, share real, token uuid, raw bytea, facts json,
              known jsonb, hour time(3), free numeric, tags int[], odd numeric(5,2), night time);
            """;

    /** As DuckDB describes them. */
    static final String TYPES =
            "id INTEGER, price DECIMAL(12,2), wide DECIMAL(38,10), round DECIMAL(7,0), tiny DECIMAL(4,4),"
                    + " cost DECIMAL(14,2), ratio DOUBLE, share FLOAT, token UUID, raw BLOB, facts JSON, known JSON,"
                    + " hour TIME, free VARCHAR, tags VARCHAR, odd VARCHAR, night VARCHAR";

    private static final List<String> LEAST =
            List.of(
                    "-9999999999.99",
                    "-9999999999999999999999999999.9999999999",
                    "-9999900",
                    "-0.0099",
                    "-999999999999.99",
                    "-Infinity",
                    "-1e-45",
                    "00000000-0000-0000-0000-000000000000",
                    "\\x",
                    "null",
                    "null",
                    "00:00",
                    "-Infinity",
                    "{}",
                    "NaN",
                    "24:00");

    private static final List<String> MOST =
            List.of(
                    "9999999999.99",
                    "9999999999999999999999999999.9999999999",
                    "9999900",
                    "0.0099",
                    "999999999999.99",
                    "5e-324",
                    "3.4028235e38",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    "\\x00ff",
                    "{\"a\" : 1e400, \"a\":\"\\ud83d\\ude00\"}",
                    "{\"a\": 1e300}",
                    "23:59:59.999",
                    "1e1000",
                    "{{1,NULL},{3,4}}",
                    "-999.99",
                    "23:59:59.999999");

    private static final List<String> ODD =
            List.of("0", "0", "0", "0", "0", "-0", "-0", "", "", "", "", "12:00", "0", "", "", "");

    private ExportedFigures() {}

    /** A statement. */
    static String insert(long seed) {
        Random random = new Random(seed);
        List<List<String>> rows = new ArrayList<>(List.of(LEAST, MOST, ODD));
        while (rows.size() < ROWS) {
            rows.add(row(random));
        }
        List<String> tuples = new ArrayList<>();
        for (List<String> row : rows) {
            tuples.add(
                    row.stream()
                            .map(text -> text.isEmpty() ? "NULL" : "'" + text + "'")
                            .collect(Collectors.joining(", ", "(" + tuples.size() + ", ", ")")));
        }
        return "INSERT INTO public.figure VALUES\n" + String.join(",\n", tuples);
    }

    private static List<String> row(Random random) {
        byte[] raw = new byte[random.nextInt(50)];
        random.nextBytes(raw);
        String number = decimal(random, 30, 12);
        return List.of(
                decimal(random, 12, 2),
                decimal(random, 38, 10),
                decimal(random, 6, 0),
                decimal(random, 2, 4),
                decimal(random, 12, 2),
                Double.toString(Double.longBitsToDouble(random.nextLong())),
                Float.toString(Float.intBitsToFloat(random.nextInt())),
                new UUID(random.nextLong(), random.nextLong()).toString(),
                "\\x" + HexFormat.of().formatHex(raw),
                "[%s ,  \"ä\"]".formatted(number),
                "[%s ,  \"ä\"]".formatted(number),
                LocalTime.ofNanoOfDay(random.nextLong(86_399_000) * 1_000_000).toString(),
                number,
                "{%d}".formatted(random.nextInt()),
                decimal(random, 5, 2),
                LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000).toString());
    }

    /** Of at most so many digits, often of fewer. */
    private static String decimal(Random random, int precision, int scale) {
        BigInteger bound = BigInteger.TEN.pow(1 + random.nextInt(precision));
        BigInteger number = new BigInteger(bound.bitLength() + 64, random).mod(bound);
        return new BigDecimal(random.nextBoolean() ? number : number.negate(), scale)
                .toPlainString();
    }

    /** The rows as PostgreSQL itself prints them, floating-point numbers by their bits. */
    static List<String> ofSource(Deployment tidemark) throws SQLException {
        String fields =
                List.of(
                                "id",
                                "price",
                                "wide",
                                "round",
                                "tiny",
                                "cost",
                                "encode(float8send(ratio), 'hex')",
                                "encode(float4send(share), 'hex')",
                                "token",
                                "encode(raw, 'hex')",
                                "facts",
                                "known",
                                "hour",
                                "free",
                                "tags",
                                "odd",
                                "night")
                        .stream()
                        .map(field -> "coalesce((%s)::text, 'NULL')".formatted(field))
                        .collect(Collectors.joining(", "));
        String rows =
                tidemark.ask(
                        "crm",
                        "SELECT string_agg(concat_ws('|', %s), E'\\n' ORDER BY id) FROM public.figure"
                                .formatted(fields));
        return Arrays.asList(rows.split("\n"));
    }

    /** The same from a file, as DuckDB reads it. */
    static List<String> of(Path file) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection session = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = session.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                SELECT id, price, wide, round, tiny, cost, ratio, share, token::VARCHAR, lower(hex(raw)),
                                       facts::VARCHAR, known::VARCHAR, hour::VARCHAR, free, tags, odd, night
                                FROM '%s' ORDER BY id
                                """
                                        .formatted(file))) {
            while (rows.next()) {
                List<String> fields = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    fields.add(text(rows, i));
                }
                all.add(String.join("|", fields));
            }
        }
        return all;
    }

    private static String text(ResultSet rows, int column) throws SQLException {
        Object field = rows.getObject(column);
        return switch (field) {
            case Double number -> "%016x".formatted(Double.doubleToRawLongBits(number));
            case Float number -> "%08x".formatted(Float.floatToRawIntBits(number));
            case BigDecimal number -> number.toPlainString();
            case null -> "NULL";
            default -> field.toString();
        };
    }
}
