package dev.tidemark.replay.query;

import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Between;
import java.io.IOException;
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

    private final HistoryWalk.Reading reading;
    private final BetweenCuts window;
    private final Map<Long, Made> made = new HashMap<>();

    private Histories(HistoryWalk.Reading reading, BetweenCuts window) {
        this.reading = reading;
        this.window = window;
    }

    /** Begins with none; files are made in the folder, which the caller deletes. */
    static Histories in(HistoryWalk.Reading reading, BetweenCuts window) {
        return new Histories(reading, window);
    }

    /**
     * Makes those of some tables.
     *
     * @param goesOn is called again and again, and throws what ends it
     */
    void make(List<SourceTable> tables, Runnable goesOn) throws IOException {
        List<TableHistory> open = new ArrayList<>();
        try {
            for (SourceTable table : tables) {
                if (!made.containsKey(table.table().id())) {
                    Path path =
                            reading.folder()
                                    .resolve("history-%d.parquet".formatted(table.table().id()));
                    open.add(
                            new TableHistory(
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
            for (TableHistory history : open) {
                history.file().discard();
            }
            throw e;
        }
        for (TableHistory history : open) {
            history.file().close();
            made.put(
                    history.table().table().id(),
                    new Made(history.path(), history.bases(), history.file().otherTypes()));
        }
    }

    private void read(List<TableHistory> histories, Runnable goesOn) throws IOException {
        String system = system(window.stretches().getLast().stretch());
        for (Between between : window.stretches()) {
            boolean isSame = system(between.stretch()).equals(system);
            new HistoryWalk(reading, between, isSame, goesOn)
                    .run(histories, window.hasBase(between));
        }
    }

    private String system(Stretch stretch) {
        return stretch.systemId().orElse(reading.archive().identity().systemId());
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
