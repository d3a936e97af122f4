package dev.tidemark.cli.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** In what two databases differ, to be read by a person. */
public final class Difference {
    /** More lines do not tell more. */
    private static final int LINES_MAX = 6;

    /** The start of a row tells which it is. */
    private static final int WIDTH_MAX = 260;

    private Difference() {}

    /** Lines; none when they are equal. */
    public static List<String> between(DatabaseImage source, DatabaseImage restored) {
        List<String> report = new ArrayList<>();
        compare("catalog", source.catalog(), restored.catalog(), report);
        Set<String> tables = new TreeSet<>(source.rows().keySet());
        tables.addAll(restored.rows().keySet());
        for (String table : tables) {
            if (!restored.rows().containsKey(table)) {
                report.add("rows of " + table + ": table only in the source");
            } else if (!source.rows().containsKey(table)) {
                report.add("rows of " + table + ": table only in the restored database");
            } else {
                compare(
                        "rows of " + table,
                        source.rows().getOrDefault(table, List.of()),
                        restored.rows().getOrDefault(table, List.of()),
                        report);
            }
        }
        compare("pg_dump", source.dump(), restored.dump(), report);
        return report;
    }

    private static void compare(
            String what, List<String> source, List<String> restored, List<String> report) {
        List<String> missing = without(source, restored);
        List<String> extra = without(restored, source);
        if (missing.isEmpty() && extra.isEmpty()) {
            return;
        }
        report.add(
                "%s: %d lines only in the source, %d only in the restored database"
                        .formatted(what, missing.size(), extra.size()));
        show("  - ", missing, report);
        show("  + ", extra, report);
    }

    /** As bags: of equal lines each counts. */
    private static List<String> without(List<String> lines, List<String> others) {
        Map<String, Integer> left = new HashMap<>();
        others.forEach(line -> left.merge(line, 1, Integer::sum));
        List<String> rest = new ArrayList<>();
        for (String line : lines) {
            int count = left.getOrDefault(line, 0);
            if (count == 0) {
                rest.add(line);
            } else {
                left.put(line, count - 1);
            }
        }
        return rest;
    }

    private static void show(String mark, List<String> lines, List<String> report) {
        for (String line : lines.subList(0, Math.min(LINES_MAX, lines.size()))) {
            String shown = line.length() <= WIDTH_MAX ? line : line.substring(0, WIDTH_MAX) + "…";
            report.add(mark + shown.replace("\n", "\\n"));
        }
        if (lines.size() > LINES_MAX) {
            report.add(mark + "and " + (lines.size() - LINES_MAX) + " more");
        }
    }
}
