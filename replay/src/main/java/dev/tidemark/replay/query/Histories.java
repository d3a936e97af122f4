package dev.tidemark.replay.query;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Between;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happened to the rows of tables within a window, as local files. What was made once is kept.
 * For one thread.
 */
final class Histories {
    /**
     * One that was made.
     *
     * @param otherTypes columns, by id, that had values of a type which theirs does not hold
     */
    record Made(Path changes, List<BaseRows> bases, Set<Integer> otherTypes) {
        Made {
            bases = List.copyOf(bases);
            otherTypes = Set.copyOf(otherTypes);
        }
    }

    private final Archive archive;
    private final HistoryWindow window;
    private final FetchedFiles fetched;
    private final Path folder;
    private final Map<Long, Made> made = new HashMap<>();

    private Histories(Archive archive, HistoryWindow window, FetchedFiles fetched, Path folder) {
        this.archive = archive;
        this.window = window;
        this.fetched = fetched;
        this.folder = folder;
    }

    /**
     * Begins with none.
     *
     * @param parent where a folder for them is made; the caller deletes it
     */
    static Histories in(Archive archive, HistoryWindow window, FetchedFiles fetched, Path parent)
            throws IOException {
        return new Histories(
                archive, window, fetched, Files.createDirectories(parent.resolve("history")));
    }

    /**
     * Makes those of some tables.
     *
     * @param goesOn is called again and again, and throws what ends it
     */
    void make(List<SourceTable> tables, Runnable goesOn) throws IOException {
        List<History> open = new ArrayList<>();
        try {
            for (SourceTable table : tables) {
                if (!made.containsKey(table.table().id())) {
                    Path path = folder.resolve("history-%d.parquet".formatted(table.table().id()));
                    open.add(
                            new History(
                                    table,
                                    HistoryFile.create(path, table),
                                    new ArrayList<>(),
                                    path));
                }
            }
            if (!open.isEmpty()) {
                read(open, goesOn);
            }
        } catch (IOException | RuntimeException e) {
            for (History history : open) {
                history.file().discard();
            }
            throw e;
        }
        for (History history : open) {
            history.file().close();
            made.put(
                    history.table().table().id(),
                    new Made(history.path(), history.bases(), history.file().otherTypes()));
        }
    }

    private void read(List<History> histories, Runnable goesOn) throws IOException {
        HistoryWalk.Reading reading = new HistoryWalk.Reading(archive, fetched, folder, goesOn);
        String system = system(window.stretches().getLast().stretch());
        for (Between between : window.stretches()) {
            boolean isSame = system(between.stretch()).equals(system);
            new HistoryWalk(reading, between, isSame).run(histories, window.hasBase(between));
        }
    }

    private String system(Stretch stretch) {
        return stretch.systemId().orElse(archive.identity().systemId());
    }

    /** That of a table, if it was made. */
    Optional<Made> find(SourceTable table) {
        return Optional.ofNullable(made.get(table.table().id()));
    }

    /** That of a table that was made. */
    Made of(SourceTable table) {
        return find(table).orElseThrow();
    }
}
