package dev.tidemark.replay.query;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.KeptRows;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of tables at a plan's cut, as local files of the form that bases have. Rows that are as
 * they were in a file of the archive are taken from there. What was made once is kept. For one
 * thread.
 */
final class RowFiles {
    private static final Table PLACES =
            Table.provisional(0, "", "", List.of(Column.provisional(1, RowFile.PLACE)));

    private final Archive archive;
    private final RestorePlan plan;
    private final FetchedFiles fetched;
    private final Path folder;
    private final Map<Long, List<RowFile>> files = new HashMap<>();

    private int goneFiles;

    private RowFiles(Archive archive, RestorePlan plan, FetchedFiles fetched, Path folder) {
        this.archive = archive;
        this.plan = plan;
        this.fetched = fetched;
        this.folder = folder;
    }

    /**
     * Begins with none.
     *
     * @param parent where a folder for them is made; the caller deletes it
     */
    static RowFiles in(Archive archive, RestorePlan plan, FetchedFiles fetched, Path parent)
            throws IOException {
        return new RowFiles(
                archive, plan, fetched, Files.createDirectories(parent.resolve("rows")));
    }

    /**
     * Makes those of some tables.
     *
     * @param goesOn is called again and again, and throws what ends it
     * @throws dev.tidemark.schemas.TidemarkException when the rows of one are not known there
     */
    void make(Set<Long> tables, Runnable goesOn) throws IOException {
        if (files.keySet().containsAll(tables)) {
            return;
        }
        FoldedDatabase folded =
                Fold.runPart(archive, plan, tables, Set.of(), folder, read -> goesOn.run());
        for (TableFold table : folded.tables()) {
            if (tables.contains(table.table().id()) && !files.containsKey(table.table().id())) {
                files.put(table.table().id(), files(table, goesOn));
            }
        }
    }

    private List<RowFile> files(TableFold table, Runnable goesOn) throws IOException {
        BaseWriter changed = writer("rows-%d".formatted(table.table().id()), table.table());
        List<RowFile> rows = new ArrayList<>();
        try {
            List<KeptRows> kept =
                    table.difference(
                            row -> {
                                changed.add(row);
                                goesOn.run();
                            });
            for (KeptRows file : kept) {
                Path local = fetched.of(List.of(file.file()), goesOn).getFirst();
                rows.add(new RowFile(local, gone(file.gone())));
            }
        } catch (IOException | RuntimeException e) {
            changed.discard(); // so that the next question finds the place free
            throw e;
        }
        if (changed.rows() == 0) {
            changed.discard();
        } else {
            rows.add(new RowFile(changed.close(), Optional.empty()));
        }
        return rows;
    }

    private BaseWriter writer(String name, Table table) throws IOException {
        return BaseWriter.create(folder.resolve(name + ".parquet"), table);
    }

    private Optional<Path> gone(BitSet places) throws IOException {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        BaseWriter file = writer("gone-%d".formatted(++goneFiles), PLACES);
        try {
            for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
                file.add(List.of(Value.text(Integer.toString(at))));
            }
        } catch (IOException | RuntimeException e) {
            file.discard();
            throw e;
        }
        return Optional.of(file.close());
    }

    /** Those of a table that was made. */
    List<RowFile> of(long table) {
        return files.getOrDefault(table, List.of());
    }
}
