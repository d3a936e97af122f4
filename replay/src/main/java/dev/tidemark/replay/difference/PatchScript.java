package dev.tidemark.replay.difference;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes deletions and updates as blocks of PL/pgSQL, which fail where a statement did not find the
 * rows that it should. For one thread.
 */
final class PatchScript {
    private static final int STATEMENTS_A_BLOCK = 200; // a block that fails can still be read
    private static final long CHARACTERS_A_BLOCK = 1024 * 1024; // the server reads it as a whole

    /** PostgreSQL takes a statement of 1 GB at most, and holds it several times. */
    private static final long CHARACTERS_MAX = 256L * 1024 * 1024;

    /** Where it would be too much. */
    static final String OTHER_WAY =
            "Choose moments that are nearer, or move a restored database by 'tidemark rewind'.";

    private static final Set<String> WHOLE_NUMBERS = Set.of("smallint", "integer", "bigint");

    /** What stands for the quotes around a block's body. */
    private static final String BODY = "\0";

    private final OutputStream out;

    PatchScript(OutputStream out) {
        this.out = out;
    }

    /** Deletions, one after the other. */
    interface Steps {
        void forEach(PatchSteps.Sink sink) throws IOException;
    }

    void updates(PatchSteps updates) throws IOException {
        Block block = new Block();
        updates.forEach(step -> block.add(step.sql(), step.row(), step.times()));
        block.end();
    }

    void deletes(Table table, Steps deletes) throws IOException {
        Block block = new Block();
        deletes.forEach(
                step ->
                        block.add(
                                "DELETE FROM ONLY %s AS t WHERE %s"
                                        .formatted(PatchText.name(table), step.sql()),
                                step.row(),
                                step.times()));
        block.end();
    }

    /** Of rows that name each other in a ring: foreign keys are checked at a statement's end. */
    void deletesTogether(Map<Table, Steps> tables) throws IOException {
        List<String> parts = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        long[] rows = {0};
        long[] characters = {0};
        for (Map.Entry<Table, Steps> table : tables.entrySet()) {
            List<String> conditions = new ArrayList<>();
            table.getValue()
                    .forEach(
                            step -> {
                                conditions.add("(" + step.sql() + ")");
                                rows[0] += step.times();
                                characters[0] += step.sql().length();
                                checkSize(characters[0], table.getKey());
                            });
            if (conditions.isEmpty()) {
                continue;
            }
            String name = "part_" + parts.size();
            parts.add(
                    "%s AS (DELETE FROM ONLY %s AS t WHERE\n    %s\n  RETURNING 1)"
                            .formatted(
                                    name,
                                    PatchText.name(table.getKey()),
                                    String.join("\n    OR ", conditions)));
            counts.add("(SELECT pg_catalog.count(*) FROM %s)".formatted(name));
        }
        if (!parts.isEmpty()) {
            Block block = new Block();
            block.addCounted(
                    "WITH %s\n  SELECT %s INTO touched"
                            .formatted(String.join(",\n  ", parts), String.join(" + ", counts)),
                    "a row of "
                            + String.join(
                                    ", ",
                                    tables.keySet().stream().map(Table::displayName).toList()),
                    rows[0]);
            block.end();
        }
    }

    /** Sequences hand out numbers after those that rows have. */
    void sequences(Table table) throws IOException {
        for (Column column : table.stored()) {
            if (isCounted(table, column) && WHOLE_NUMBERS.contains(column.type())) {
                write(sequence(table, column));
            }
        }
    }

    /** A partition does not say of a column that it is an identity column of the table above. */
    private static boolean isCounted(Table table, Column column) {
        return !column.identity().isEmpty()
                || column.defaultExpression()
                        .filter(text -> text.startsWith("nextval("))
                        .isPresent()
                || (table.partitionBound().isPresent() && column.notNull());
    }

    /**
     * The column's own sequence, or the one of its default, or of the table that it is a part of.
     */
    private static String sequence(Table table, Column column) {
        return """

        DO \0
        BEGIN
          PERFORM pg_catalog.setval(s.sequence, s.greatest)
             FROM (SELECT coalesce(
                            pg_catalog.pg_get_serial_sequence(%1$s, %2$s)::pg_catalog.regclass,
                            (SELECT d.refobjid::pg_catalog.regclass
                               FROM pg_catalog.pg_attrdef f
                               JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
                               JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
                               JOIN pg_catalog.pg_class c ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.refobjid
                              WHERE f.adrelid = %1$s::pg_catalog.regclass AND a.attname = %2$s AND c.relkind = 'S'
                              LIMIT 1),
                            (SELECT pg_catalog.pg_get_serial_sequence(p.relid::pg_catalog.text, %2$s)::pg_catalog.regclass
                               FROM pg_catalog.pg_partition_ancestors(%1$s::pg_catalog.regclass) p
                              WHERE pg_catalog.pg_get_serial_sequence(p.relid::pg_catalog.text, %2$s) IS NOT NULL
                              LIMIT 1)) AS sequence,
                          (SELECT pg_catalog.max(t.%3$s) FROM ONLY %4$s AS t) AS greatest) s
            WHERE s.sequence IS NOT NULL
              AND s.greatest > coalesce(pg_catalog.pg_sequence_last_value(s.sequence), 0);
        END \0;
        """
                .formatted(
                        Quoted.text(PatchText.name(table)),
                        Quoted.text(column.name()),
                        Quoted.name(column.name()),
                        PatchText.name(table));
    }

    /** A block in whose text NUL stands for the quotes around its body. */
    void write(String block) throws IOException {
        String tag = PatchText.tag(block);
        out.write(block.replace(BODY, tag).getBytes(UTF_8));
    }

    private static void checkSize(long characters, Table table) {
        if (characters > CHARACTERS_MAX) {
            throw TidemarkException.refused(
                    "deleted rows of %s name each other in a ring, or are a very deep tree, and would be one statement of more than %d MiB"
                            .formatted(table.displayName(), CHARACTERS_MAX >> 20),
                    OTHER_WAY);
        }
    }

    /** A block on its way. */
    private final class Block {
        private final StringBuilder text = new StringBuilder();
        private int statements;

        void add(String sql, String row, long times) throws IOException {
            addCounted(sql + ";\n  GET DIAGNOSTICS touched = ROW_COUNT", row, times);
        }

        /** A statement that says itself how many rows it found. */
        void addCounted(String sql, String row, long times) throws IOException {
            text.append("  ")
                    .append(sql)
                    .append(";\n  IF touched <> ")
                    .append(times)
                    .append(" THEN RAISE EXCEPTION USING MESSAGE = ")
                    .append(Quoted.text(row + " is not as the patch expects it"))
                    .append("; END IF;\n");
            if (++statements == STATEMENTS_A_BLOCK || text.length() > CHARACTERS_A_BLOCK) {
                end();
            }
        }

        void end() throws IOException {
            if (statements > 0) {
                write(
                        "\nDO %1$s\n#variable_conflict use_column\nDECLARE\n  touched bigint;\nBEGIN\n%2$sEND %1$s;\n"
                                .formatted(BODY, text));
            }
            statements = 0;
            text.setLength(0);
        }
    }
}
