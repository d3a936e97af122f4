package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Goes through a segment in commit order, with the catalog in force at every change. For one
 * thread.
 */
public final class JournalWalk {
    private final Archive archive;
    private final Path temporary;

    public JournalWalk(Archive archive, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
    }

    /** Sees a change in its transaction; the catalog is that before a schema change. */
    public interface Visitor {
        void visit(TransactionRecord transaction, Change change, CatalogState catalog)
                throws IOException;
    }

    /** Visits the wanted changes of one segment, and perhaps others. */
    public void one(
            Manifest segment, CatalogState catalog, SegmentChanges.Wanted wanted, Visitor visitor)
            throws IOException {
        try (SegmentTransactions transactions =
                        SegmentTransactions.open(archive, segment, temporary);
                SegmentChanges changes = SegmentChanges.open(archive, segment, wanted, temporary)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                visitor.visit(transactions.at(change.transaction()), change, catalog);
                if (change.entry() instanceof Entry.Schema schema) {
                    catalog.apply(CatalogChange.read(schema.content()));
                }
            }
        }
    }
}
