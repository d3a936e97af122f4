package dev.tidemark.cli.differential;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What an action sees when it is its turn: chance, and what its session finds in the database. */
final class Scene {
    /** No other session holds a lock that this one would wait for. */
    private static final String NOT_LOCKED =
            """
             AND NOT EXISTS (SELECT FROM pg_locks l
                              WHERE l.relation = c.oid AND l.pid <> pg_backend_pid() AND l.mode <> 'AccessShareLock'
                                AND l.mode <> 'RowShareLock' {and})""";

    private static final String TABLES =
            """
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname !~ '^(pg_|information_schema$|tidemark)' AND (%s)%s ORDER BY c.oid
            """;

    private static final String COLUMNS =
            """
            SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), b.typname, b.typtype,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
                   a.attgenerated = '' AND a.attidentity <> 'a',
                   EXISTS (SELECT FROM pg_index x WHERE x.indrelid = a.attrelid AND x.indisunique AND a.attnum = ANY (x.indkey)),
                   coalesce((SELECT format('SELECT %I FROM %s', f.attname, k.confrelid::regclass)
                               FROM pg_constraint k JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
                              WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1), ''),
                   EXISTS (SELECT FROM pg_partitioned_table p
                            WHERE a.attname = ANY (ARRAY(SELECT q.attname FROM pg_attribute q
                                                          WHERE q.attrelid = p.partrelid AND q.attnum = ANY (p.partattrs)))
                              AND (p.partrelid = a.attrelid OR p.partrelid IN (SELECT pg_partition_ancestors(a.attrelid))))
              FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_type d ON d.oid = t.typbasetype
              LEFT JOIN pg_type e ON e.oid = d.typbasetype
              JOIN pg_type b ON b.oid = coalesce(nullif(e.oid, 0), d.oid, t.oid)
             WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;

    private final Connection connection;
    private final Random random;
    private final AtomicInteger counter;
    private final int version;
    private Set<String> without = Set.of();

    Scene(Connection connection, Random random, AtomicInteger counter) throws SQLException {
        this.connection = connection;
        this.random = random;
        this.counter = counter;
        this.version = connection.getMetaData().getDatabaseMajorVersion();
    }

    /** What is left out from now on. */
    void leaveOut(Set<String> words) {
        without = words;
    }

    boolean allows(String word) {
        return !without.contains(word);
    }

    int version() {
        return version;
    }

    Random random() {
        return random;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    final <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> Optional<T> one(List<T> choices) {
        return choices.isEmpty()
                ? Optional.empty()
                : Optional.of(choices.get(random.nextInt(choices.size())));
    }

    /** A number that nobody else gets. */
    int unique() {
        return counter.incrementAndGet();
    }

    /** A new name, quoted if it must be. */
    String name(String kind) {
        int number = unique();
        return switch (below(12)) {
            case 0 -> "\"%s %d\"".formatted(kind, number);
            case 1 -> "\"%s\"\"%d\"".formatted(kind, number);
            case 2 -> "\"%s.Ä名%d\"".formatted(kind.toUpperCase(java.util.Locale.ROOT), number);
            case 3 -> (kind + number + "_" + "long".repeat(15)).substring(0, 63);
            case 4 -> "\"%s\\%d/'\"".formatted(kind, number);
            default -> kind + number;
        };
    }

    /** A new name in some schema. */
    String qualified(String kind) throws SQLException {
        return schema() + "." + name(kind);
    }

    String schema() throws SQLException {
        return object(
                        "SELECT quote_ident(nspname) FROM pg_namespace"
                                + " WHERE nspname !~ '^(pg_|information_schema$|tidemark)' ORDER BY oid")
                .orElse("public");
    }

    /** One of the answers' first columns. */
    Optional<String> object(String query) throws SQLException {
        return one(objects(query));
    }

    List<String> objects(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    /** A table whose rows can be changed without waiting; its condition is about pg_class c. */
    Optional<String> writable(String condition) throws SQLException {
        return object(
                TABLES.formatted(
                        condition,
                        NOT_LOCKED.replace("{and}", "AND l.mode <> 'RowExclusiveLock'")));
    }

    /** A table that can be altered without waiting; its condition is about pg_class c. */
    Optional<String> alterable(String condition) throws SQLException {
        return object(
                TABLES.formatted(
                        condition,
                        NOT_LOCKED
                                .replace("{and}", "")
                                .replace("AND l.mode <> 'AccessShareLock'", "")
                                .replace("AND l.mode <> 'RowShareLock'", "")));
    }

    List<Column> columns(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                COLUMNS.replace("{table}", table.replace("'", "''")))) {
            List<Column> columns = new ArrayList<>();
            while (row.next()) {
                columns.add(
                        new Column(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getBoolean(5),
                                row.getBoolean(6),
                                row.getBoolean(7),
                                row.getString(8),
                                row.getBoolean(9)));
            }
            return columns;
        }
    }

    /** A type for a new column: mostly a built-in one, else one of the database's own. */
    String type() throws SQLException {
        if (chance(15)) {
            return object(
                            """
                            SELECT t.oid::regtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                             WHERE n.nspname !~ '^(pg_|information_schema$|tidemark)' AND t.typtype IN ('e', 'd', 'c', 'r', 'm', 'b')
                               AND NOT EXISTS (SELECT FROM pg_type l WHERE l.oid = t.typelem AND l.typrelid <> 0)
                               AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
                             ORDER BY t.oid
                            """)
                    .orElse("text");
        }
        return one(Values.DECLARED).orElseThrow();
    }

    /**
     * The same for a column of a table with rows: a domain that checks has each of them written
     * anew.
     */
    String typeToAdd() throws SQLException {
        return allows("rewrite") ? type() : one(Values.DECLARED).orElseThrow();
    }

    /** A value for a column, as an expression. */
    String value(Column column) {
        if (!column.parent().isEmpty()) {
            return "(SELECT * FROM (%s) q(x) ORDER BY md5(x::text || '%d') LIMIT 1)"
                    .formatted(column.parent(), below(1000));
        }
        if (column.isPartitioning() && (!column.isKey() || column.basic().equals("text"))) {
            return column.basic().equals("text")
                    ? one("'north'", "'south'", "'west'")
                    : String.valueOf(below(120));
        }
        if (column.isKey()) {
            return key(column);
        }
        if (!column.isDemanded() && chance(10)) {
            return "NULL";
        }
        return plain(column);
    }

    private String key(Column column) {
        return switch (column.basic()) {
            case "int2", "int4", "int8", "numeric" -> String.valueOf(unique());
            case "text", "varchar", "bpchar" -> "'k" + unique() + "'";
            case "uuid" -> "md5('" + unique() + "')::uuid";
            default -> plain(column);
        };
    }

    private String plain(Column column) {
        return switch (column.kind()) {
            case "e" -> "(enum_range(NULL::%s))[%d]".formatted(column.type(), 1 + below(3));
            case "c" ->
                    "jsonb_populate_record(NULL::%s, '{\"a\": %d, \"b\": \"it''s (\\\"b\\\"), %d\"}')"
                            .formatted(column.type(), below(99), below(99));
            default -> {
                String value = Values.of(random, column.basic());
                yield value.equals("NULL") ? value : "(" + value + ")::" + column.type();
            }
        };
    }

    String value(String declared) {
        String basic = declared.replaceAll("\\(.*\\)", "");
        String name =
                switch (basic) {
                    case "smallint" -> "int2";
                    case "integer" -> "int4";
                    case "bigint" -> "int8";
                    case "real" -> "float4";
                    case "double precision" -> "float8";
                    case "boolean" -> "bool";
                    case "char" -> "bpchar";
                    case "\"char\"" -> "char";
                    case "integer[]" -> "_int4";
                    default -> basic.endsWith("[]") ? "_" + basic.replace("[]", "") : basic;
                };
        String value = Values.of(random, name);
        return value.startsWith("(SELECT") ? "'short'" : value;
    }

    static String list(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
