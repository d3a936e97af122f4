package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Is there room on a disk of this machine for what is to be written there? What does not fit
 * whatever it is, is refused before anything is written; of what may not fit somebody is told. Only
 * reads. Safe for use by many threads.
 */
final class DiskRoom {
    /** What is written. */
    enum Purpose {
        RESTORE(
                "the restore",
                "Make room there, restore elsewhere, or leave the rows of large tables out with --exclude-table-data."
                        + " Nothing was changed."),
        FILE("the file", "Make room there, or write it elsewhere. Nothing is left there."),
        EXPORT(
                "the export",
                "Make room there, export elsewhere, or fewer tables with --table. Nothing is left there."),
        UPLOADED(
                "the largest file of the export, before it goes to its place,",
                "Set temporary-directory to a folder with more room. Nothing is left there."),
        SCRATCH(
                "the scratch database",
                "Set temporary-directory to a folder with more room, or drill into a database of another server with"
                        + " --into."),
        READING(
                "what is read of the archive",
                "Set temporary-directory to a folder with more room. Nothing was changed.");

        private final String what;
        private final String hint;

        Purpose(String what, String hint) {
            this.what = what;
            this.hint = hint;
        }
    }

    /** Why something was refused: not for what was asked, nor for the archive. */
    private static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1;

        NoRoom(String message) {
            super(message);
        }
    }

    private DiskRoom() {}

    /** Was something refused since a disk has no room for it? */
    static boolean isForRoom(Throwable end) {
        boolean is = false;
        for (Throwable e = end; e != null && !is; e = e.getCause()) {
            is = e instanceof NoRoom;
        }
        return is;
    }

    /** How much can be written into a folder. */
    static long free(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /**
     * Looks at a folder.
     *
     * @return what people are to know, if the guess does not fit
     * @throws TidemarkException (refused) when not even the least fits
     */
    static Optional<String> look(Purpose purpose, RoomNeed need, Path place) throws IOException {
        return look(purpose, need, place, free(place));
    }

    /**
     * The same.
     *
     * @param free what the place has room for
     */
    static Optional<String> look(Purpose purpose, RoomNeed need, Path place, long free) {
        if (free < need.least()) {
            String message =
                    "%s takes %s at least, about %s by a guess, and %s has room for %s"
                            .formatted(
                                    purpose.what,
                                    Figures.bytes(need.least()),
                                    Figures.bytes(need.guess()),
                                    place,
                                    Figures.bytes(free));
            throw TidemarkException.refused(message, purpose.hint, new NoRoom(message));
        }
        return free < need.guess()
                ? Optional.of(
                        "%s may not fit: it takes about %s by a guess, and %s has room for %s"
                                .formatted(
                                        purpose.what,
                                        Figures.bytes(need.guess()),
                                        place,
                                        Figures.bytes(free)))
                : Optional.empty();
    }

    /**
     * Where others write to the same disk, the guess has to fit, too.
     *
     * @param told by a look
     * @throws TidemarkException (refused) if something was told
     */
    static void requireGuess(Optional<String> told, Purpose purpose) {
        if (told.isPresent()) {
            throw TidemarkException.refused(told.get(), purpose.hint);
        }
    }

    /**
     * Before a plan's changes are read.
     *
     * @param memory bytes that rows which changed may take there
     */
    static Optional<String> lookBeforeFold(RestorePlan plan, long memory, Path temporary)
            throws IOException {
        return look(Purpose.READING, RoomNeed.ofReading(plan, memory), temporary);
    }

    /** Before rows are read. */
    static void requireForReading(List<TableRows> tables, Path temporary) throws IOException {
        var unused = look(Purpose.READING, RoomNeed.ofReading(tables), temporary);
    }
}
