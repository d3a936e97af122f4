package dev.tidemark.cli.command;

import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.content.Rename;
import dev.tidemark.replay.content.Selection;
import dev.tidemark.replay.content.TablePattern;
import dev.tidemark.replay.rows.RowRequest;
import java.util.List;

/**
 * What was asked for when it was not all of a database, as the user wrote it. The condition on rows
 * is not kept: it may speak of people, and a report goes elsewhere.
 *
 * @param what of the tables, in words
 * @param tables patterns; where these and schemas are empty, all but what is excluded
 */
record RestoredPart(
        String what,
        List<String> tables,
        List<String> schemas,
        List<String> excludedTables,
        List<String> excludedSchemas,
        List<String> renamed) {
    static RestoredPart of(PartRequest request) {
        Selection selection = request.selection();
        return new RestoredPart(
                switch (request.extent()) {
                    case ALL -> "tables with rows";
                    case STRUCTURE -> "structure without rows";
                    case ROWS -> "rows alone";
                },
                texts(selection.tables()),
                selection.schemas(),
                texts(selection.excludedTables()),
                selection.excludedSchemas(),
                request.renames().stream().map(Rename::text).toList());
    }

    static RestoredPart of(RowRequest request) {
        return new RestoredPart(
                request.related().isPresent()
                        ? "chosen rows with what belongs to them"
                        : "chosen rows",
                List.of(request.table()),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static List<String> texts(List<TablePattern> patterns) {
        return patterns.stream().map(TablePattern::text).toList();
    }
}
