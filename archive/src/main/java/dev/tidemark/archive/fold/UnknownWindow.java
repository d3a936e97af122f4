package dev.tidemark.archive.fold;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Moments at which the rows of one table are not known: a schema change rewrote them without a
 * trace in the stream, and a base of the table was taken only later. All other tables are exact
 * there.
 *
 * @param table its id
 * @param name {@code schema.name}, as of the window's end
 * @param from of the transaction that rewrote it, the first one at which the rows are not known
 * @param fromTime its commit time
 * @param to of the base, from which on they are known again; empty while there is none
 * @param toTime no commit in that base is later
 */
public record UnknownWindow(
        long table,
        String name,
        Position from,
        Instant fromTime,
        Optional<Position> to,
        Optional<Instant> toTime) {
    /**
     * All such windows of an archive, by their beginning.
     *
     * @param temporary a folder for files while they are read
     */
    public static List<UnknownWindow> of(Archive archive, Path temporary) throws IOException {
        List<UnknownWindow> windows = new ArrayList<>();
        for (Stretch stretch : archive.state().stretches()) {
            windows.addAll(of(archive, temporary, stretch));
        }
        return windows;
    }

    /** Those of one stretch. */
    static List<UnknownWindow> of(Archive archive, Path temporary, Stretch stretch)
            throws IOException {
        List<UnknownWindow> windows = new ArrayList<>();
        Search search = new Search(archive, temporary, stretch);
        for (TableBase base : search.bases) {
            search.find(base.table(), Optional.of(base)).ifPresent(windows::add);
        }
        for (Table table : search.catalog(stretch.catalog()).tables()) {
            if (table.rewritten() && table.holdsRows()) {
                search.find(table.id(), Optional.empty()).ifPresent(windows::add);
            }
        }
        windows.sort(comparing(UnknownWindow::from));
        return windows;
    }

    /** Reads each catalog once. For one thread. */
    private static final class Search {
        private final Archive archive;
        private final Path temporary;
        private final Stretch stretch;
        private final List<TableBase> bases;
        private final Map<String, Catalog> catalogs = new HashMap<>();

        Search(Archive archive, Path temporary, Stretch stretch) {
            this.archive = archive;
            this.temporary = temporary;
            this.stretch = stretch;
            this.bases = Planner.tableBases(stretch);
        }

        Catalog catalog(FileRef file) throws IOException {
            Catalog known = catalogs.get(file.name());
            if (known == null) {
                known = Fold.catalog(archive, file);
                catalogs.put(file.name(), known);
            }
            return known;
        }

        /** The window that ends at a base, or is open. */
        Optional<UnknownWindow> find(long table, Optional<TableBase> end) throws IOException {
            Manifest start = lastKnown(table, end);
            List<TableBase> between =
                    bases.stream()
                            .filter(base -> base.table() == table)
                            .filter(base -> base.position().isAfter(start.span().to()))
                            .filter(base -> isBefore(base.position(), end))
                            .toList();
            Begin begin = new Begin(between);
            if (start.equals(stretch.base()) && stretch.hasExpiredBefore()) {
                begin.see(start, catalog(start.catalogThere()), table);
            }
            CatalogWalk.run(
                    archive,
                    temporary,
                    start,
                    end.map(TableBase::position).orElse(CatalogWalk.END),
                    between,
                    (transaction, after) -> {
                        if (isBefore(transaction.position(), end)
                                || end.get().position().equals(transaction.position())) {
                            begin.see(
                                    new Since(transaction.position(), transaction.commitTime()),
                                    after.table(table));
                        }
                    });
            return begin.untilTheEnd()
                    .map(
                            first ->
                                    new UnknownWindow(
                                            table,
                                            begin.name,
                                            first.position(),
                                            first.time(),
                                            end.map(TableBase::position),
                                            end.map(TableBase::time)));
        }

        private static boolean isBefore(Position position, Optional<TableBase> end) {
            return end.isEmpty() || position.isBefore(end.get().position());
        }

        /** The newest base or segment before the end, after which the rows were known. */
        private Manifest lastKnown(long table, Optional<TableBase> end) throws IOException {
            for (Manifest manifest : stretch.segments().reversed()) {
                if (isBefore(manifest.span().to(), end)
                        && catalog(manifest.catalogThere()).tables().stream()
                                .noneMatch(one -> one.id() == table && one.rewritten())) {
                    return manifest;
                }
            }
            return stretch.base();
        }
    }

    private record Since(Position position, Instant time) {}

    /** Where the rows of a table got unknown last. */
    private static final class Begin {
        private final List<TableBase> between;
        private Optional<Since> since = Optional.empty();
        private String name = "";

        Begin(List<TableBase> between) {
            this.between = between;
        }

        /** Since when it was not known before a base of all tables is not known either. */
        void see(Manifest base, Catalog there, long table) {
            see(
                    new Since(base.span().to(), base.span().latestCommit()),
                    there.tables().stream().filter(one -> one.id() == table).findFirst());
        }

        void see(Since now, Optional<Table> after) {
            boolean isRewritten = after.map(Table::rewritten).orElse(false);
            if (!isRewritten || isKnownAt(now)) {
                since = Optional.empty();
            }
            if (isRewritten && since.isEmpty()) {
                since = Optional.of(now);
            }
            after.ifPresent(there -> name = there.displayName());
        }

        /** A base that was taken meanwhile shows at the next schema change only. */
        private boolean isKnownAt(Since now) {
            return bases().anyMatch(base -> base.isBefore(now.position()));
        }

        private Stream<Position> bases() {
            return between.stream()
                    .map(TableBase::position)
                    .filter(
                            base ->
                                    since.map(Since::position)
                                            .filter(begin -> !base.isBefore(begin))
                                            .isPresent());
        }

        Optional<Since> untilTheEnd() {
            return bases().findAny().isPresent() ? Optional.empty() : since;
        }
    }
}
