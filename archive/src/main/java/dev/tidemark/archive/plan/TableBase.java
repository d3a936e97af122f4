package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A base of one table, taken after the archive's first base: its rows are those of all transactions
 * up to and with a position.
 *
 * @param time no commit in it is later
 * @param files at least one, all of one version of the table
 */
public record TableBase(long table, Position position, Instant time, List<FileRef> files) {
    public TableBase {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a base of table " + table + " without files");
        }
    }

    /** The bases that a manifest publishes. */
    public static List<TableBase> of(Manifest manifest) {
        Map<Long, List<FileRef>> files = new TreeMap<>();
        for (FileRef file : manifest.files()) {
            if (file.kind() == FileRef.Kind.BASE) {
                files.computeIfAbsent(file.table(), first -> new ArrayList<>()).add(file);
            }
        }
        List<TableBase> bases = new ArrayList<>();
        files.forEach(
                (table, of) ->
                        bases.add(
                                new TableBase(
                                        table,
                                        manifest.span().to(),
                                        manifest.span().latestCommit(),
                                        of)));
        return bases;
    }

    /** The version of the table that the rows have. */
    public int version() {
        return files.getFirst().version();
    }
}
