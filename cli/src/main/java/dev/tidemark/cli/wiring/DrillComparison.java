package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.replay.drill.TableComparison;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a drill restored, held against the source where that was read.
 *
 * @param warnings hears what stood in the way of telling how they differ
 */
record DrillComparison(
        DrillRequest request,
        RestoreReport report,
        Optional<DrillSource> source,
        Consumer<String> warnings) {
    /** Every table, by name. */
    List<DrillReport.DrilledTable> tables() {
        return source.map(this::compared).orElseGet(this::readBack);
    }

    private List<DrillReport.DrilledTable> readBack() {
        return report.tables().stream()
                .map(
                        table ->
                                new DrillReport.DrilledTable(
                                        table.name(),
                                        DrillReport.Outcome.READ_BACK,
                                        Optional.of(DrillReport.Rows.of(table.checksum())),
                                        Optional.empty(),
                                        Optional.empty()))
                .toList();
    }

    /** What was read back of a table is what the restore reported, or it had failed. */
    private List<DrillReport.DrilledTable> compared(DrillSource read) {
        Map<String, RowsChecksum> restored = new TreeMap<>();
        report.tables().forEach(table -> restored.put(table.name(), table.checksum()));
        Map<String, String> notCompared = read.notCompared();
        return TableComparison.of(read.checksums(), restored, report.tables()).stream()
                .map(table -> table(table, Optional.ofNullable(notCompared.get(table.table()))))
                .toList();
    }

    private static DrillReport.DrilledTable table(TableComparison table, Optional<String> note) {
        DrillReport.Outcome compared =
                table.isEqual() ? DrillReport.Outcome.EQUAL : DrillReport.Outcome.DIFFERENT;
        return new DrillReport.DrilledTable(
                table.table(),
                note.isPresent() ? DrillReport.Outcome.NOT_COMPARED : compared,
                table.restored().map(DrillReport.Rows::of),
                table.source().map(DrillReport.Rows::of),
                note);
    }

    /** The rows in which tables differ, as far as they are asked for and can be had. */
    List<TableDifference> differences(Database restored, List<DrillReport.DrilledTable> tables) {
        List<String> unlike =
                tables.stream()
                        .filter(table -> table.outcome() == DrillReport.Outcome.DIFFERENT)
                        .filter(table -> table.source().isPresent() && table.restored().isPresent())
                        .map(DrillReport.DrilledTable::name)
                        .toList();
        List<TableDifference> found = new ArrayList<>();
        if (source.isEmpty() || unlike.isEmpty() || request.rowsMax() == 0) {
            return found;
        }
        try (Connection session = restored.connect()) {
            for (String table : unlike) {
                rows(source.get(), session, table).ifPresent(found::add);
            }
        } catch (SQLException e) {
            warnings.accept("differing rows were not looked for: " + TidemarkException.reason(e));
        }
        return found;
    }

    /** That a table differs is known, and stays the verdict whatever stands in the way of this. */
    private Optional<TableDifference> rows(DrillSource read, Connection restored, String table) {
        try {
            return Optional.of(read.rows(table, restored, request.detail(), request.rowsMax()));
        } catch (TidemarkException e) {
            warnings.accept("%s. %s".formatted(e.getMessage(), e.hint()));
            return Optional.empty();
        }
    }

    /** Which proof it is. */
    DrillReport.Verdict verdict(Untold untold, List<DrillReport.DrilledTable> tables) {
        DrillReport.Verdict proved =
                DrillReport.Verdict.of(
                        tables.stream().map(DrillReport.DrilledTable::outcome).toList());
        if (proved == DrillReport.Verdict.DIFFERENT) {
            return proved;
        }
        if (!report.leftOut().isEmpty() || !untold.uncertain().isEmpty()) {
            return DrillReport.Verdict.NOT_WHOLE;
        }
        return proved;
    }
}
