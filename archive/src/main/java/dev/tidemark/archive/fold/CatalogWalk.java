package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows the catalog alone: reads only the journals of segments that changed it. For one thread;
 * used once.
 */
public final class CatalogWalk {
    /** After everything. */
    static final Position END = new Position(-1);

    private final Archive archive;
    private final Path temporary;
    private final CatalogState catalog;
    private final TableStarts starts;

    /** Sees each schema change, and the state after it. */
    public interface Visitor {
        void visit(TransactionRecord transaction, CatalogState after);
    }

    private CatalogWalk(
            Archive archive, Path temporary, CatalogState catalog, List<TableBase> bases) {
        this.archive = archive;
        this.temporary = temporary;
        this.catalog = catalog;
        this.starts = new TableStarts(archive, temporary, bases);
    }

    /**
     * Walks from the end of a base or segment to the end of its stretch; the catalog there.
     *
     * @param bases after that: from there on rows of their tables are known
     */
    public static CatalogState run(
            Archive archive, Path temporary, Manifest start, List<TableBase> bases, Visitor visitor)
            throws IOException {
        return run(archive, temporary, start, END, bases, visitor);
    }

    /** The catalog at the end of a base or segment, to go on from. */
    public static CatalogState after(Archive archive, Manifest manifest) throws IOException {
        Catalog there = archive.catalog(manifest.catalogThere());
        return manifest.kind() == Manifest.Kind.BASE
                ? new CatalogState(there)
                : CatalogState.goingOn(there);
    }

    /** The catalog at a plan's cut; reads no rows. */
    public static Catalog at(Archive archive, RestorePlan plan, Path temporary) throws IOException {
        CatalogState state = after(archive, plan.base());
        FileRef before = plan.base().catalogThere();
        for (int i = 0; i < plan.segments().size(); i++) {
            Manifest segment = plan.segments().get(i);
            boolean isLast = i == plan.segments().size() - 1;
            int transactions = isLast ? plan.cut().transactions() : Integer.MAX_VALUE;
            if (!segment.catalogThere().equals(before)) {
                follow(archive, segment, transactions, state, temporary);
            }
            before = segment.catalogThere();
        }
        return state.catalog();
    }

    /**
     * The same with sequences where a fold to the cut has them. Reads the journals from the newest
     * one before the cut that has a sample of sequences.
     */
    public static Catalog withSequences(Archive archive, RestorePlan plan, Path temporary)
            throws IOException {
        List<Entry> told = new ArrayList<>();
        boolean isSampled = false;
        int from = plan.segments().size();
        while (from > 0 && !isSampled) {
            from--;
            boolean isLast = from == plan.segments().size() - 1;
            int transactions = isLast ? plan.cut().transactions() : Integer.MAX_VALUE;
            List<Entry> there = told(archive, plan.segments().get(from), transactions, temporary);
            isSampled = there.stream().anyMatch(Entry.Sequences.class::isInstance);
            told.addAll(0, there);
        }
        CatalogState state =
                after(archive, from == 0 ? plan.base() : plan.segments().get(from - 1));
        for (Entry entry : told) {
            switch (entry) {
                case Entry.Schema schema -> state.apply(CatalogChange.read(schema.content()));
                case Entry.Sequences sample ->
                        state.sample(SequenceSamples.read(sample.content()).sequences());
                default -> throw new IllegalStateException("told of " + entry);
            }
        }
        sampleAfterCut(archive, plan, state, temporary);
        return state.catalog();
    }

    /** What a segment's first transactions say of the schema and of sequences. */
    private static List<Entry> told(
            Archive archive, Manifest segment, int transactions, Path temporary)
            throws IOException {
        List<Entry> told = new ArrayList<>();
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                boolean isOfThem =
                        change.entry() instanceof Entry.Schema
                                || change.entry() instanceof Entry.Sequences;
                if (isOfThem && change.transaction() < transactions) {
                    told.add(change.entry());
                }
            }
        }
        return told;
    }

    /** Only a sample that was read after the cut is sure to hold what was handed out before it. */
    private static void sampleAfterCut(
            Archive archive, RestorePlan plan, CatalogState state, Path temporary)
            throws IOException {
        List<Manifest> later = new ArrayList<>(plan.following());
        plan.segments().reversed().stream().findFirst().ifPresent(later::addFirst);
        for (int i = 0; i < later.size(); i++) {
            boolean isCut = i == 0 && !plan.segments().isEmpty();
            int first = isCut ? plan.cut().transactions() : 0;
            try (SegmentChanges changes =
                    SegmentChanges.open(
                            archive, later.get(i), SegmentChanges.Wanted.NO_ROWS, temporary)) {
                while (changes.hasNext()) {
                    Change change = changes.next();
                    if (change.transaction() >= first
                            && change.entry() instanceof Entry.Sequences sequences) {
                        SequenceSamples sample = SequenceSamples.read(sequences.content());
                        state.sample(sample.sequences());
                        if (sample.holdsAllUpTo(plan.cut().position())) {
                            return;
                        }
                    }
                }
            }
        }
    }

    private static void follow(
            Archive archive, Manifest segment, int transactions, CatalogState state, Path temporary)
            throws IOException {
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (change.transaction() < transactions
                        && change.entry() instanceof Entry.Schema schema) {
                    state.apply(CatalogChange.read(schema.content()));
                }
            }
        }
    }

    /** The same to the end of the segment that holds a position. */
    static CatalogState run(
            Archive archive,
            Path temporary,
            Manifest start,
            Position until,
            List<TableBase> bases,
            Visitor visitor)
            throws IOException {
        CatalogState catalog = after(archive, start);
        CatalogWalk walk = new CatalogWalk(archive, temporary, catalog, bases);
        FileRef before = start.catalogThere();
        Position begin = start.span().to();
        for (Manifest segment : archive.state().stretchOf(start).segments()) {
            boolean isWanted =
                    !segment.span().from().isBefore(begin) && segment.span().from().isBefore(until);
            if (isWanted && !segment.catalogThere().equals(before)) {
                walk.read(segment, visitor);
            }
            before = isWanted ? segment.catalogThere() : before;
        }
        walk.start(walk.starts.takeRest());
        return catalog;
    }

    private void read(Manifest segment, Visitor visitor) throws IOException {
        try (SegmentTransactions transactions =
                        SegmentTransactions.open(archive, segment, temporary);
                SegmentChanges changes =
                        SegmentChanges.open(
                                archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (change.entry() instanceof Entry.Schema schema) {
                    TransactionRecord transaction = transactions.at(change.transaction());
                    start(starts.takeBefore(transaction.position()));
                    catalog.apply(CatalogChange.read(schema.content()));
                    visitor.visit(transaction, catalog);
                }
            }
        }
    }

    private void start(List<TableBase> bases) {
        bases.forEach(base -> catalog.known(base.table()));
    }
}
