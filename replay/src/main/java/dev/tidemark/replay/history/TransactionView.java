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
import java.util.List;
import java.util.Optional;

/**
 * One transaction: all that changed together, in order.
 *
 * @param transaction which
 * @param context who acts in it, as far as the application said; empty when it said nothing
 * @param changes at most as many as were asked for
 * @param total how many it has
 */
public record TransactionView(
        TransactionRecord transaction,
        Optional<TransactionContext> context,
        List<RowVersion> changes,
        long total) {
    public TransactionView {
        changes = List.copyOf(changes);
    }

    /**
     * The transaction that a moment names: the last one up to it.
     *
     * @param changesMax how many changes to show
     * @throws TidemarkException when the moment is not in the archive
     */
    public static TransactionView at(Archive archive, Path temporary, Target target, int changesMax)
            throws IOException {
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
        List<RowVersion> changes = new ArrayList<>();
        List<TransactionContext> contexts = new ArrayList<>();
        new JournalWalk(archive, temporary)
                .one(
                        segment,
                        catalog,
                        (table, index) -> index == SegmentChanges.ANY || index == wanted.index(),
                        (transaction, change, now) -> {
                            if (transaction.index() != wanted.index()) {
                                return;
                            }
                            TransactionContext.of(change.entry()).ifPresent(contexts::add);
                            if (changes.size() < changesMax) {
                                changes.addAll(describe(transaction, change, now));
                            }
                        });
        return new TransactionView(
                wanted,
                contexts.reversed().stream().findFirst(),
                changes,
                wanted.changes() - contexts.size());
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
