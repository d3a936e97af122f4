package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What speaks against a fold on its way: changes that the source could not tell, rows that do not
 * fit, files that cannot be read. For one thread.
 */
final class Doubts {
    /** Messages after which the stream may lack changes, or the catalog be wrong. */
    private static final Set<String> INEXACT = Set.of("dirty", "publication");

    private static final String DIRTY = "dirty: ";

    private final Set<FileRef> unreadable;
    private final List<String> inexact = new ArrayList<>();

    /** Tables with a row that does not fit, while the source told of changes it could not tell. */
    private final Map<Long, TidemarkException> unfit = new TreeMap<>();

    /**
     * @param unreadable files of the plan whose tables are left out as far as they are in them
     */
    Doubts(Set<FileRef> unreadable) {
        this.unreadable = unreadable;
    }

    /** Does a message say that the source could not tell all? */
    static boolean speaksOf(Entry.Message message) {
        return INEXACT.contains(message.prefix());
    }

    void note(Entry.Message message) {
        inexact.add(message.prefix() + ": " + message.content());
    }

    /** What went unseen is told now. */
    void toldAnew() {
        inexact.removeIf(said -> said.startsWith(DIRTY));
    }

    /** Fits every change, as far as anybody knows, but for those of some tables? */
    boolean isExact() {
        return inexact.isEmpty();
    }

    boolean areOf(long table) {
        return unfit.containsKey(table);
    }

    /**
     * What was not told may be the table's key: then a row that does not fit is no damage, and the
     * look that follows tells the rows anew.
     *
     * @throws TidemarkException the failure itself, when all was told
     */
    void bear(long table, TidemarkException failure) {
        if (isExact()) {
            throw failure;
        }
        unfit.put(table, failure);
    }

    boolean isUnreadable(List<FileRef> files) {
        return files.stream().anyMatch(unreadable::contains);
    }

    /** Tables whose changes in a segment cannot be read. */
    Set<Long> lost(Manifest segment) {
        return segment.files().stream()
                .filter(unreadable::contains)
                .map(FileRef::table)
                .collect(Collectors.toSet());
    }

    /** Its rows are not known until they are told anew. */
    void lose(long table) {
        unfit.put(
                table,
                TidemarkException.refused(
                        "rows of table %d cannot be read".formatted(table),
                        "Run 'tidemark verify' to list all damage."));
    }

    /** Its rows are told anew. */
    void endOf(long table) {
        unfit.remove(table);
    }

    /** Other tables are no more. */
    void retain(Set<Long> tables) {
        unfit.keySet().retainAll(tables);
    }

    /**
     * Is all exact up to there?
     *
     * @throws TidemarkException when it is not
     */
    void checkAllWasTold(Position cut) {
        if (!isExact()) {
            throw TidemarkException.refused(
                    "the archive is not exact at %s: before it the source told of %s"
                            .formatted(cut, inexact),
                    "Choose a moment before that; 'tidemark base --from-source' makes later moments reachable.");
        }
    }

    /** Tables that a plan without some files has to leave out. */
    List<Table> unreadableOf(List<Table> tables) {
        return unreadable.isEmpty()
                ? List.of()
                : tables.stream().filter(table -> areOf(table.id())).toList();
    }

    /**
     * Does every row of the other tables fit?
     *
     * @throws TidemarkException when one does not
     */
    void checkOthersThan(List<Table> leftOut) {
        leftOut.forEach(table -> endOf(table.id()));
        if (!unfit.isEmpty()) {
            throw unfit.values().iterator().next();
        }
    }
}
