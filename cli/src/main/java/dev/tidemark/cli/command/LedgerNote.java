package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Instant;

/** Notes what a command did in the archive's ledger. */
final class LedgerNote {
    private final CommandContext context;
    private final LedgerPen pen;

    /** For a command that begins now. */
    LedgerNote(CommandContext context) {
        this.context = context;
        this.pen = new LedgerPen(context.clock());
    }

    /** It is finished. Who may only read the archive is warned; the answer stays what it is. */
    void add(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes) {
        add(() -> pen.note(archive, kind, good, bytes));
    }

    /** The same of what took several runs, the first of which began then. */
    void add(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes, Instant began) {
        add(() -> pen.note(archive, kind, good, bytes, began));
    }

    /** The same in an archive that is opened for it. */
    void add(Parts parts, LedgerEntry.Kind kind, long bytes) {
        add(
                () -> {
                    try (Archive archive = parts.archive()) {
                        pen.note(archive, kind, true, bytes);
                    }
                });
    }

    private interface Entry {
        void write() throws IOException;
    }

    private void add(Entry entry) {
        try {
            entry.write();
        } catch (IOException | TidemarkException e) {
            context.warn(
                    "this is not noted in the archive's ledger: " + TidemarkException.reason(e));
        }
    }
}
