package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads on after a plan's cut up to the look that tells what had changed by then: nothing told of
 * it when it was made, so that the fold does not know it. Of the segments it reads those alone that
 * hold a look, which their manifests say. For one thread; used once.
 */
public final class UntoldChanges {
    static final String PUBLICATION = "every table, since the publication was changed";

    private final Archive archive;
    private final Path temporary;
    private final RestorePlan plan;
    private final Position cut;

    private final Set<String> tables = new TreeSet<>();
    private final Set<String> stillUnknown = new TreeSet<>();
    private final Set<String> others = new TreeSet<>();
    private Position from;
    private Position until;
    private Instant time = Instant.EPOCH;
    private boolean isReached;

    private UntoldChanges(Archive archive, RestorePlan plan, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
        this.plan = plan;
        this.cut = plan.cut().position();
        this.from = cut;
        this.until = cut;
    }

    /**
     * What is not known at a plan's cut.
     *
     * @param temporary a folder for files while they are read
     */
    public static Untold at(Archive archive, RestorePlan plan, Path temporary) throws IOException {
        return new UntoldChanges(archive, plan, temporary).read();
    }

    private Untold read() throws IOException {
        Stretch stretch = archive.state().stretchOf(plan.base());
        Manifest before = stretch.base();
        // One that was made from the archive knows no more than what was told up to there.
        boolean isOfSource = before.kind() == Manifest.Kind.BASE;
        Optional<Look> look = isOfSource ? before.look() : Optional.empty();
        isReached = isOfSource && !cut.isAfter(before.span().to());
        Optional<Manifest> last = plan.segments().reversed().stream().findFirst();
        for (Manifest segment : stretch.segments()) {
            if (!isReached && segment.span().to().isAfter(cut) && !segment.look().equals(look)) {
                boolean isCut = last.equals(Optional.of(segment));
                read(before, segment, isCut ? plan.cut().transactions() : 0);
            }
            before = segment;
            look = segment.look();
        }
        return new Untold(
                cut,
                from,
                until,
                time,
                List.copyOf(tables),
                List.copyOf(stillUnknown),
                List.copyOf(others),
                !isReached,
                look);
    }

    /** Reads the transactions of a segment that come after the cut. */
    private void read(Manifest before, Manifest segment, int firstTransaction) throws IOException {
        CatalogState state = CatalogWalk.after(archive, before);
        try (SegmentTransactions transactions =
                        SegmentTransactions.open(archive, segment, temporary);
                SegmentChanges reader =
                        SegmentChanges.open(
                                archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            Said said = new Said(-1);
            while (reader.hasNext() && !isReached) {
                Change change = reader.next();
                if (change.transaction() != said.transaction) {
                    conclude(said, transactions, state);
                    said = new Said(change.transaction());
                }
                said.add(change.entry(), state, said.transaction >= firstTransaction);
            }
            conclude(said, transactions, state);
        }
    }

    /** What a transaction says of looks. */
    private static final class Said {
        final int transaction;
        Optional<Look> look = Optional.empty();
        CatalogDifference difference = new CatalogDifference(Set.of(), Set.of());
        boolean isPublicationChanged;

        Said(int transaction) {
            this.transaction = transaction;
        }

        void add(Entry entry, CatalogState state, boolean isAfterCut) {
            if (entry instanceof Entry.Schema schema) {
                CatalogChange change = CatalogChange.read(schema.content());
                if (isAfterCut && change.look().isPresent()) {
                    look = change.look();
                    Catalog before = state.catalog();
                    state.apply(change);
                    difference = CatalogDifference.of(before, change, state.catalog());
                } else {
                    state.apply(change);
                }
            } else if (isAfterCut && entry instanceof Entry.Message message) {
                isPublicationChanged |= message.prefix().equals("publication");
                if (message.prefix().equals(Look.MESSAGE)) {
                    look = Optional.of(Look.read(message.content()));
                }
            }
        }
    }

    /** At the end of the look's transaction, when the rows that it tells have been told. */
    private void conclude(Said said, SegmentTransactions transactions, CatalogState state) {
        if (said.look.isEmpty() || isReached) {
            return;
        }
        Look look = said.look.get();
        isReached = !look.at().isBefore(cut);
        Set<String> changed = new TreeSet<>(said.difference.tables());
        if (said.isPublicationChanged) {
            changed.add(PUBLICATION);
        }
        boolean isNothing = changed.isEmpty() && said.difference.others().isEmpty();
        if (isNothing || !look.from().isBefore(cut)) {
            return; // or all that it found was changed after the cut
        }
        from = look.from().isBefore(from) ? look.from() : from;
        TransactionRecord transaction = transactions.at(said.transaction);
        until = transaction.position();
        time = transaction.commitTime();
        tables.addAll(changed);
        others.addAll(said.difference.others());
        stillUnknown.clear();
        state.catalog().tables().stream()
                .filter(Table::rewritten)
                .map(Table::displayName)
                .filter(tables::contains)
                .forEach(stillUnknown::add);
        if (tables.contains(PUBLICATION)) {
            stillUnknown.add(PUBLICATION);
        }
    }
}
