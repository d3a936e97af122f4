package dev.tidemark.cli.types;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tables of a type, and what happens to their rows: one table with a key and one without.
 *
 * <p>Beside the type itself they hold an array, a domain and a composite of it. A filler that stays
 * in its row makes every row so large that each other value of more than 24 bytes is stored out of
 * line, and so is left out of the log when an update does not change it.
 */
record TypeTables(TypeCase type) {
    /** What becomes of a row; each value has one row for each. */
    private static final List<String> FATES =
            List.of("keep", "other", "key", "twice", "set", "null", "gone");

    private static final String FILLER = "repeat('f', 2100)";

    List<String> create() {
        List<String> statements = new ArrayList<>(type.needs());
        statements.add("CREATE DOMAIN %s AS %s".formatted(name("domain"), type.type()));
        statements.add("CREATE TYPE %s AS (v %s, w text)".formatted(name("pair"), type.type()));
        String columns =
                "v %s, a %s[], d %s, c %s, other int NOT NULL, filler text NOT NULL"
                        .formatted(type.type(), name("domain"), name("domain"), name("pair"));
        statements.add("CREATE TABLE %s (id text PRIMARY KEY, %s)".formatted(name("key"), columns));
        statements.add("CREATE TABLE %s (%s)".formatted(name("bag"), columns));
        for (String table : List.of("key", "bag")) {
            statements.add(
                    "ALTER TABLE %s ALTER filler SET STORAGE PLAIN, SET (toast_tuple_target = 128)"
                            .formatted(name(table)));
            statements.add(
                    "CALL types.store_outside('%s')".formatted(name(table).replace("'", "''")));
        }
        return statements;
    }

    /** Rows of their own for each phase of the test. */
    List<String> insert(String phase) {
        String fates =
                FATES.stream().map(fate -> "('" + fate + "')").collect(Collectors.joining(", "));
        return List.of(
                """
                INSERT INTO %s
                SELECT '%s ' || f.fate || ' ' || x.k, %s, 0, %s FROM (VALUES %s) x(k, v), (VALUES %s) f(fate)"""
                        .formatted(name("key"), phase, columns(), FILLER, values(0), fates),
                "INSERT INTO %s SELECT %s, x.k * f.i, %s FROM (VALUES %s) x(k, v), (VALUES (1), (1), (-1)) f(i)"
                        .formatted(name("bag"), columns(), FILLER, values(0)));
    }

    List<String> change(String phase) {
        String key = name("key");
        String like = " WHERE id LIKE '" + phase + " ";
        return List.of(
                "UPDATE " + key + " SET other = 1" + like + "other %'",
                "UPDATE " + key + " SET other = 1, id = id || '!'" + like + "key %'",
                "UPDATE " + key + " SET other = 1" + like + "twice %'",
                "UPDATE " + key + " SET id = id || '!'" + like + "twice %'",
                "UPDATE " + key + " SET other = 2" + like + "twice %'",
                "UPDATE %s t SET (v, a, d, c) = (SELECT %s) FROM (VALUES %s) x(k, v) WHERE t.id = '%s set ' || x.k"
                        .formatted(key, columns(), values(1), phase),
                "UPDATE " + key + " SET v = NULL, a = NULL, d = NULL, c = NULL" + like + "null %'",
                "DELETE FROM " + key + like + "gone %'",
                // Of two equal rows one goes.
                "DELETE FROM %s WHERE ctid IN (SELECT min(ctid) FROM %1$s WHERE other > 0 GROUP BY other)"
                        .formatted(name("bag")),
                "UPDATE %s SET other = other - 1000 WHERE other < 0".formatted(name("bag")),
                "UPDATE %s SET v = NULL WHERE other = 1 OR other = -1001".formatted(name("bag")));
    }

    private String columns() {
        String element = "x.v::" + (isArray() ? "text" : name("domain"));
        return "x.v, ARRAY[%s, NULL, %1$s]::%s[], x.v, ROW(x.v, 'NULL')::%s"
                .formatted(element, name("domain"), name("pair"));
    }

    /** Of those ARRAY would make one with more dimensions. */
    private boolean isArray() {
        return Stream.concat(Stream.of(type.type()), type.needs().stream())
                .anyMatch(text -> text.endsWith("]"));
    }

    /** The values by number, the first of them {@code shift} places on. */
    private String values(int shift) {
        int count = type.values().size();
        return Stream.concat(
                        Stream.of("(0, NULL::%s)".formatted(type.type())),
                        IntStream.range(0, count)
                                .mapToObj(
                                        i ->
                                                "(%d, (%s)::%s)"
                                                        .formatted(
                                                                i + 1,
                                                                type.values()
                                                                        .get((i + shift) % count),
                                                                type.type())))
                .collect(Collectors.joining(", "));
    }

    private String name(String what) {
        return "types.\"" + type.type().replace("\"", "\"\"") + " " + what + "\"";
    }
}
