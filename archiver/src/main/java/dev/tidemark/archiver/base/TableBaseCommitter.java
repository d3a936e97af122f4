package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Publishes bases of single tables beside an archiver that publishes segments. For one thread. */
public final class TableBaseCommitter {
    /** Of the files until they are published. */
    static final int NO_VERSION = 0;

    private final Archive archive;
    private final Path temporary;
    private final BesideArchiver committer;
    private final Predicate<Table> isWanted;

    /** For tables that the archive does not know any more; others it has, and needs no base of. */
    public TableBaseCommitter(Archive archive, Path temporary, Clock clock) {
        this(archive, temporary, clock, Table::rewritten);
    }

    /** For any tables that somebody asks for, known or not. */
    public static TableBaseCommitter ofAny(Archive archive, Path temporary, Clock clock) {
        return new TableBaseCommitter(archive, temporary, clock, any -> true);
    }

    private TableBaseCommitter(
            Archive archive, Path temporary, Clock clock, Predicate<Table> isWanted) {
        this.isWanted = isWanted;
        this.archive = archive;
        this.temporary = temporary;
        this.committer = new BesideArchiver(archive, clock, Manifest.Kind.TABLE_BASE_BEGUN);
    }

    /**
     * What was copied.
     *
     * @param position the rows are those of all transactions up to it
     * @param latestCommit no commit in it is later
     * @param tables as the source had them there
     * @param files uploaded since {@link #begin}; of each table at least one
     */
    public record Copied(
            Position position, Instant latestCommit, List<Table> tables, List<FileRef> files) {
        public Copied {
            tables = List.copyOf(tables);
            files = List.copyOf(files);
        }
    }

    /** To be called before the first file is uploaded; collects what others left. */
    public void begin() throws IOException {
        committer.begin();
    }

    /** Has the archive the catalog that was in force there? */
    public boolean isReached(Position position) throws IOException {
        archive.refresh();
        return !archive.state().newest().orElseThrow().span().to().isBefore(position);
    }

    /**
     * Publishes the tables that fit the archive, once their position {@link #isReached}; the files
     * of others are removed.
     *
     * @return those published. The others are gone, not wanted since they are known again, or the
     *     archive has other columns of them
     * @throws TidemarkException when somebody else began meanwhile
     */
    public List<Table> publish(Copied copied) throws IOException {
        for (int attempt = 0; ; attempt++) {
            if (!committer.isOurs()) {
                throw TidemarkException.failed(
                        "another capture began to take bases of tables in the archive "
                                + archive.url(),
                        "One of them is enough: it goes on alone.");
            }
            Fit fit = Fit.of(archive, temporary, copied, isWanted);
            if (fit.tables.isEmpty()) {
                archive.discard(copied.files());
                return List.of();
            }
            if (commit(attempt, copied, fit)) {
                archive.discard(
                        copied.files().stream()
                                .filter(file -> !fit.tables.containsKey(file.table()))
                                .toList());
                return List.copyOf(fit.tables.values());
            }
        }
    }

    private boolean commit(int attempt, Copied copied, Fit fit) throws IOException {
        List<FileRef> files = new ArrayList<>();
        for (FileRef file : copied.files()) {
            Table table = fit.tables.get(file.table());
            if (table != null) {
                files.add(file.withVersion(table.version()));
            }
        }
        FileRef before = archive.state().catalog().orElseThrow();
        Catalog then = Fold.catalog(archive, before);
        Catalog now = fit.known(then);
        FileRef catalog = before;
        if (!now.equals(then)) {
            catalog = archive.upload(now);
            files.add(catalog);
        }
        Instant time = copied.latestCommit();
        Span span = new Span(copied.position(), copied.position(), time, time, time, 0, 0);
        return committer.commit(attempt, Manifest.Kind.TABLE_BASE, span, catalog, files);
    }

    /**
     * The copied tables that fit, as the archive's catalog has them at their position.
     *
     * @param end the catalog at the archive's end, were they published
     */
    private record Fit(Map<Long, Table> tables, CatalogState end) {
        static Fit of(Archive archive, Path temporary, Copied copied, Predicate<Table> isWanted)
                throws IOException {
            Stretch last = archive.state().stretches().getLast();
            if (copied.position().isBefore(last.from())) {
                throw TidemarkException.failed(
                        "a copy of tables is as of %s, and what the archive holds begins at %s by now"
                                .formatted(copied.position(), last.from()),
                        "The copy took longer than retention.history. The tables are copied again; keep more history.");
            }
            Manifest start =
                    last.segments().reversed().stream()
                            .filter(one -> !one.span().to().isAfter(copied.position()))
                            .findFirst()
                            .orElse(last.base());
            CatalogState there = CatalogWalk.after(archive, start);
            Map<Long, Optional<Table>> then = new TreeMap<>();
            copied.tables().forEach(table -> then.put(table.id(), there.table(table.id())));
            CatalogState end =
                    CatalogWalk.run(
                            archive,
                            temporary,
                            start,
                            bases(copied),
                            (transaction, after) -> {
                                if (!transaction.position().isAfter(copied.position())) {
                                    then.replaceAll((id, before) -> after.table(id));
                                }
                            });
            Map<Long, Table> fitting = new TreeMap<>();
            for (Table table : copied.tables()) {
                then.getOrDefault(table.id(), Optional.empty())
                        .filter(isWanted)
                        .filter(known -> columns(known).equals(columns(table)))
                        .ifPresent(known -> fitting.put(known.id(), known));
            }
            return new Fit(fitting, end);
        }

        private static List<TableBase> bases(Copied copied) {
            Map<Long, List<FileRef>> files =
                    copied.files().stream().collect(Collectors.groupingBy(FileRef::table));
            List<TableBase> bases = new ArrayList<>();
            files.forEach(
                    (table, of) ->
                            bases.add(
                                    new TableBase(
                                            table, copied.position(), copied.latestCommit(), of)));
            return bases;
        }

        private static List<String> columns(Table table) {
            return table.stored().stream()
                    .map(column -> column.id() + " " + column.name() + " " + column.type())
                    .toList();
        }

        /** A catalog in which the tables are known that were not rewritten again since. */
        Catalog known(Catalog catalog) {
            return new Catalog(
                    catalog.server(),
                    catalog.tables().stream()
                            .map(table -> isKnown(table) ? table.withRewritten(false) : table)
                            .toList(),
                    catalog.objects());
        }

        private boolean isKnown(Table table) {
            return tables.containsKey(table.id())
                    && end.table(table.id()).filter(Table::rewritten).isEmpty();
        }
    }
}
