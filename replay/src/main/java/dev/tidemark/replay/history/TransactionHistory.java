package dev.tidemark.replay.history;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.history.UserNames.Acting;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells what one transaction did. For one thread. */
public final class TransactionHistory {
    private final Archive archive;
    private final Path temporary;
    private final Claims claims;
    private final UserNames users;

    /**
     * @param temporary a folder for files while they are read
     * @param claims whom rows name
     * @param users how these were called
     */
    public TransactionHistory(Archive archive, Path temporary, Claims claims, UserNames users) {
        this.archive = archive;
        this.temporary = temporary;
        this.claims = claims;
        this.users = users;
    }

    /**
     * The transaction that a moment names: the last one up to it.
     *
     * @param changesMax how many changes to show
     * @throws TidemarkException when the moment is not in the archive
     */
    public TransactionView at(Target target, int changesMax) throws IOException {
        RestorePlan plan = new Planner(archive, temporary).plan(target);
        TransactionRecord wanted =
                plan.cut()
                        .last()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "no transaction is archived up to "
                                                        + target.moment(),
                                                "Choose a later moment."));
        Stretch stretch = archive.state().stretchOf(plan.base());
        Manifest segment = segmentOf(wanted, stretch);
        CatalogState catalog = catalogBefore(segment, stretch, archive);
        int number = archive.state().stretches().indexOf(stretch);
        Seen seen = new Seen(changesMax, number, claims);
        new JournalWalk(archive, temporary)
                .one(
                        segment,
                        catalog,
                        (table, index) -> index == SegmentChanges.ANY || index == wanted.index(),
                        (transaction, change, now) -> {
                            if (transaction.index() == wanted.index()) {
                                seen.add(transaction, change, now);
                            }
                        });
        return new TransactionView(
                wanted,
                seen.context(),
                actors(seen),
                seen.changes,
                wanted.changes() - seen.contexts.size());
    }

    /** Whom the application named counts for all; else each row names its own. */
    private List<Actor> actors(Seen seen) throws IOException {
        Optional<TransactionContext> context = seen.context();
        Optional<String> said = context.flatMap(TransactionContext::actor);
        List<Acting> acting =
                said.map(name -> seen.place.stream().map(one -> one.as(name)).toList())
                        .orElseGet(() -> List.copyOf(seen.claimed));
        Map<Acting, String> names = users.of(acting);
        if (said.isPresent()) {
            Optional<String> name = names.values().stream().findFirst();
            return List.of(Actor.of(context, Optional.empty()).called(name));
        }
        return acting.stream()
                .map(
                        one ->
                                Actor.of(context, Optional.of(one.name()))
                                        .called(Optional.ofNullable(names.get(one))))
                .distinct()
                .toList();
    }

    /** What a transaction has. For one thread. */
    private static final class Seen {
        private final int changesMax;
        private final int stretch;
        private final Claims claims;
        private final List<RowVersion> changes = new ArrayList<>();
        private final List<TransactionContext> contexts = new ArrayList<>();
        private final Set<Acting> claimed = new LinkedHashSet<>();
        private Optional<Acting> place = Optional.empty();

        Seen(int changesMax, int stretch, Claims claims) {
            this.changesMax = changesMax;
            this.stretch = stretch;
            this.claims = claims;
        }

        void add(TransactionRecord transaction, Change change, CatalogState now) {
            TransactionContext.of(change.entry()).ifPresent(contexts::add);
            if (changes.size() < changesMax) {
                changes.addAll(describe(transaction, change, now));
            }
            if (change.entry() instanceof Entry.Row row) {
                now.table(row.table()).ifPresent(table -> add(transaction, row, table));
            }
        }

        private void add(TransactionRecord transaction, Entry.Row row, Table table) {
            Acting of = new Acting("", table, stretch, transaction.position());
            place = place.or(() -> Optional.of(of));
            claims.of(table, row.operation(), RowFields.of(table, row.after()))
                    .ifPresent(name -> claimed.add(of.as(name)));
        }

        /** Of several things that were said the last one counts. */
        Optional<TransactionContext> context() {
            return contexts.reversed().stream().findFirst();
        }
    }

    /** A plan may begin right after it, with a base that has it. */
    private static Manifest segmentOf(TransactionRecord transaction, Stretch stretch) {
        return stretch.segments().stream()
                .filter(segment -> !segment.span().to().isBefore(transaction.position()))
                .findFirst()
                .orElseThrow();
    }

    private static CatalogState catalogBefore(Manifest segment, Stretch stretch, Archive archive)
            throws IOException {
        int index = stretch.segments().indexOf(segment);
        Manifest before = index == 0 ? stretch.base() : stretch.segments().get(index - 1);
        return CatalogWalk.after(archive, before);
    }

    private static List<RowVersion> describe(
            TransactionRecord transaction, Change change, CatalogState catalog) {
        return switch (change.entry()) {
            case Entry.Row row ->
                    catalog.table(row.table())
                            .map(table -> List.of(describe(transaction, row, table)))
                            .orElse(List.of());
            case Entry.Truncate truncate ->
                    List.of(
                            version(
                                    transaction,
                                    name(catalog, truncate.tables().getFirst()),
                                    "",
                                    "TRUNCATE",
                                    List.of()));
            case Entry.Schema schema -> {
                CatalogChange what = CatalogChange.read(schema.content());
                List<String> tables = what.tables().stream().map(Table::displayName).toList();
                yield List.of(
                        version(
                                transaction,
                                String.join(", ", tables),
                                "",
                                what.command(),
                                List.of()));
            }
            default -> List.of();
        };
    }

    private static RowVersion describe(TransactionRecord transaction, Entry.Row row, Table table) {
        List<FieldChange> fields =
                row.operation() == Operation.DELETE
                        ? List.of()
                        : Fields.difference(
                                table,
                                row.image() == BeforeImage.NONE
                                        ? Fields.keyOf(table, row.after())
                                        : Fields.byColumn(table, row.before()),
                                Fields.byColumn(table, row.after()),
                                row.operation() == Operation.UPDATE);
        List<Value> shown = row.after().isEmpty() ? row.before() : row.after();
        String key = table.key().isEmpty() ? "" : String.join(",", Fields.key(table, shown));
        return version(transaction, table.displayName(), key, row.operation().name(), fields);
    }

    private static String name(CatalogState catalog, long table) {
        return catalog.table(table).map(Table::displayName).orElse("table " + table);
    }

    private static RowVersion version(
            TransactionRecord transaction,
            String table,
            String key,
            String operation,
            List<FieldChange> fields) {
        return new RowVersion(
                transaction.commitTime(),
                transaction.position(),
                transaction.xid(),
                table,
                key,
                operation,
                fields);
    }
}
