package dev.tidemark.replay.drill;

import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One table of the source at a moment, and the same table restored.
 *
 * @param source what the source held; empty when it had no such table
 * @param restored what the restored database holds; empty when it has no such table
 * @param reported what the restore said it holds
 */
public record TableComparison(
        String table,
        Optional<RowsChecksum> source,
        Optional<RowsChecksum> restored,
        Optional<RowsChecksum> reported) {
    /**
     * Every table that any of the three knows, by name.
     *
     * @param source checksums by table, as {@code schema.name}, unquoted
     * @param restored the same of what can be read in the restored database
     */
    public static List<TableComparison> of(
            Map<String, RowsChecksum> source,
            Map<String, RowsChecksum> restored,
            List<RestoreReport.RestoredTable> reported) {
        Map<String, RowsChecksum> said = new TreeMap<>();
        reported.forEach(table -> said.put(table.name(), table.checksum()));
        TreeSet<String> names = new TreeSet<>(source.keySet());
        names.addAll(restored.keySet());
        names.addAll(said.keySet());
        List<TableComparison> all = new ArrayList<>();
        for (String name : names) {
            all.add(
                    new TableComparison(
                            name,
                            Optional.ofNullable(source.get(name)),
                            Optional.ofNullable(restored.get(name)),
                            Optional.ofNullable(said.get(name))));
        }
        return all;
    }

    /** Do all three say the same? */
    public boolean isEqual() {
        return source.isPresent() && source.equals(restored) && source.equals(reported);
    }

    /** How they differ, for people. */
    public String difference() {
        return "%s: the source had %s, the restored database has %s, the restore reported %s"
                .formatted(table, text(source), text(restored), text(reported));
    }

    private static String text(Optional<RowsChecksum> rows) {
        return rows.map(RowsChecksum::toString).orElse("no such table");
    }
}
