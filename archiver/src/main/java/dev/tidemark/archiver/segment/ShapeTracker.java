package dev.tidemark.archiver.segment;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.SequenceSample;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows at every change which version of its table the fields belong to: follows the catalog
 * through the schema changes of the stream, and holds what the stream says of a table's columns
 * against it. For one thread.
 */
public final class ShapeTracker {
    private static final Logger log = LoggerFactory.getLogger(ShapeTracker.class);

    /**
     * An entry as the journal holds it.
     *
     * @param version of the table; 0 for what is no row
     */
    public record Shaped(int version, Entry entry) {}

    private final CatalogState catalog;
    private final Map<Long, Entry.Relation> unknown = new HashMap<>();
    private boolean changed;
    private boolean changedSinceBegin;
    private List<SequenceSample> lastSample = List.of();
    private List<SequenceSample> sampleBeforeBegin = List.of();
    private Optional<Look> look = Optional.empty();
    private Optional<Look> lookBeforeBegin = Optional.empty();

    public ShapeTracker(Catalog start) {
        catalog = new CatalogState(start);
    }

    void begin() {
        changedSinceBegin = false;
        sampleBeforeBegin = lastSample;
        lookBeforeBegin = look;
    }

    /** The open transaction counts for nothing; it must not have changed the catalog. */
    void takeBack() {
        lastSample = sampleBeforeBegin;
        look = lookBeforeBegin;
    }

    /** Did the open transaction change the catalog? Then it cannot be taken back. */
    boolean changedSinceBegin() {
        return changedSinceBegin;
    }

    /** Did the segment change the catalog? */
    boolean isChanged() {
        return changed;
    }

    /** The catalog as of now. */
    public Catalog catalog() {
        return catalog.catalog();
    }

    /** The newest look at the source's whole catalog; empty when none came. */
    public Optional<Look> look() {
        return look;
    }

    /** The segment is published: what changes from here on is the next one's. */
    public void published() {
        changed = false;
    }

    /** What the journal says for an entry: nothing, one thing or several. */
    List<Shaped> shape(Entry entry) {
        return switch (entry) {
            case Entry.Row row -> shapeRow(row);
            case Entry.Relation relation -> check(relation);
            case Entry.Truncate truncate -> shapeTruncate(truncate);
            case Entry.Schema schema -> {
                CatalogChange change = CatalogChange.read(schema.content());
                look = change.look().or(() -> look);
                apply(change);
                lastSample =
                        List.of(); // it may say where a sequence stood, and the next sample again
                yield List.of(new Shaped(0, schema));
            }
            case Entry.Sequences sequences -> {
                List<SequenceSample> sample = SequenceSamples.read(sequences.content()).sequences();
                boolean same = sample.equals(lastSample);
                lastSample = sample;
                yield same ? List.of() : List.of(new Shaped(0, sequences));
            }
            case Entry.Heartbeat heartbeat -> List.of(); // its transaction says all
            case Entry.Message message when message.prefix().equals(Look.MESSAGE) -> {
                look = Optional.of(Look.read(message.content()));
                yield List.of(new Shaped(0, message));
            }
            default -> List.of(new Shaped(0, entry));
        };
    }

    private List<Shaped> shapeRow(Entry.Row row) {
        List<Shaped> shaped = new ArrayList<>();
        if (catalog.table(row.table()).isEmpty()) {
            // CREATE TABLE AS: the rows come before the schema change. A new table's columns are
            // numbered from 1.
            shaped.add(change(CatalogChange.ofTables("provisional", List.of(fresh(row.table())))));
        }
        Table table = catalog.table(row.table()).orElseThrow();
        if (table.isProvisional() && !table.rewritten() && row.operation() != Operation.INSERT) {
            shaped.addAll(
                    untold(
                            table,
                            "the stream changes rows of table %s, which nobody told of"
                                    .formatted(table.displayName())));
        }
        int version = catalog.table(row.table()).map(Table::version).orElseThrow();
        shaped.add(new Shaped(version, row));
        return shaped;
    }

    private Shaped change(CatalogChange change) {
        apply(change);
        return new Shaped(0, new Entry.Schema(change.json()));
    }

    /**
     * A schema change went unseen. The rows are kept by names, but the table counts as not known,
     * and no moment is exact until the source has told all of its schema again.
     */
    private List<Shaped> untold(Table provisional, String what) {
        log.error("{}: are Tidemark's event triggers enabled? Run 'tidemark check'", what);
        return List.of(
                change(
                        new CatalogChange(
                                "provisional",
                                List.of(provisional),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(provisional.id()),
                                List.of(),
                                false)),
                new Shaped(0, new Entry.Message("dirty", what)));
    }

    private List<Shaped> shapeTruncate(Entry.Truncate truncate) {
        List<Shaped> each = new ArrayList<>();
        for (long id : truncate.tables()) {
            int version = catalog.table(id).map(Table::version).orElse(0);
            if (version > 0) {
                each.add(
                        new Shaped(
                                version,
                                new Entry.Truncate(
                                        List.of(id),
                                        truncate.cascade(),
                                        truncate.restartIdentity())));
            }
        }
        return each;
    }

    private void apply(CatalogChange change) {
        catalog.apply(change);
        changed = true;
        changedSinceBegin = true;
    }

    /** What the journal says when the stream has other columns than the catalog. */
    private List<Shaped> check(Entry.Relation relation) {
        Optional<Table> table = catalog.table(relation.table());
        if (table.isEmpty()) {
            unknown.put(relation.table(), relation);
            return List.of();
        }
        List<String> expected = table.get().stored().stream().map(Column::name).toList();
        List<String> said = relation.columns().stream().map(Entry.RelationColumn::name).toList();
        return expected.equals(said)
                ? List.of()
                : untold(
                        renumbered(table.get(), said),
                        "the stream's columns of table %s are %s, which nobody told of"
                                .formatted(table.get().displayName(), said));
    }

    /** The table with the columns that the stream has, by their names. */
    private static Table renumbered(Table table, List<String> names) {
        Map<String, Integer> ids = new HashMap<>();
        table.columns().forEach(column -> ids.put(column.name(), column.id()));
        int last = 0; // ids grow in the order of the stream's columns
        int next = table.columns().stream().mapToInt(Column::id).max().orElse(0) + 1;
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            int known = ids.getOrDefault(name, 0);
            last = known > last ? known : next++;
            columns.add(Column.provisional(last, name));
        }
        return Table.provisional(table.id(), table.schema(), table.name(), columns);
    }

    private Table fresh(long id) {
        Entry.Relation relation = unknown.get(id);
        if (relation == null) {
            throw TidemarkException.failed(
                    "the stream has a row of table "
                            + id
                            + ", which neither catalog nor stream describe",
                    "A schema change went unseen: are Tidemark's event triggers enabled in the source? Run 'tidemark check'.");
        }
        List<Column> columns = new ArrayList<>();
        for (Entry.RelationColumn column : relation.columns()) {
            columns.add(Column.provisional(columns.size() + 1, column.name()));
        }
        return Table.provisional(id, relation.schema(), relation.name(), columns);
    }
}
