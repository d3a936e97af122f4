package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a drill proved.
 *
 * @param moment as it was named or drawn
 * @param seed it was drawn with
 * @param position the last one in the restored database
 * @param commitTime of the transaction there, by the source's clock
 * @param into the scratch database
 * @param tables by name
 * @param differences rows of tables that differ, as far as they were looked for
 * @param leftOut objects that are missing in the restored database, each with the reason
 * @param notKnown objects that may be otherwise than the source's were
 * @param restored how long the restore took: what a recovery would take on such a server
 * @param restorePhases of that
 * @param phases of the whole drill
 * @param bytes sent as rows
 */
public record DrillReport(
        Verdict verdict,
        String moment,
        Optional<Long> seed,
        Position position,
        Instant commitTime,
        String into,
        List<DrilledTable> tables,
        List<TableDifference> differences,
        List<String> leftOut,
        List<String> notKnown,
        List<String> warnings,
        Duration restored,
        Map<RestorePhase, Duration> restorePhases,
        Map<Phase, Duration> phases,
        Duration took,
        long bytes) {
    /** Which proof it is, or that it is none. */
    public enum Verdict {
        /** Every table is the source's at this position. */
        EQUAL_TO_THE_SOURCE,
        /** Every row was restored, read back and found equal to the archive. */
        RESTORED_AND_READ_BACK,
        /** The source was asked, and some of its tables could not be compared. */
        PARTLY_COMPARED,
        /** A table is not as in the source. */
        DIFFERENT,
        /** Something of the schema could not be restored, or is not known at that moment. */
        NOT_WHOLE;

        /** What tables that were restored whole prove, each with how it came out. */
        static Verdict of(Collection<Outcome> tables) {
            if (tables.contains(Outcome.DIFFERENT)) {
                return DIFFERENT;
            }
            if (tables.contains(Outcome.NOT_COMPARED)) {
                return PARTLY_COMPARED;
            }
            return tables.contains(Outcome.EQUAL) ? EQUAL_TO_THE_SOURCE : RESTORED_AND_READ_BACK;
        }

        /** As the ledger names it. */
        DrillVerdict noted() {
            return switch (this) {
                case EQUAL_TO_THE_SOURCE -> DrillVerdict.EQUAL_TO_THE_SOURCE;
                case RESTORED_AND_READ_BACK -> DrillVerdict.RESTORED_AND_READ_BACK;
                case PARTLY_COMPARED -> DrillVerdict.PARTLY_COMPARED;
                case DIFFERENT -> DrillVerdict.DIFFERENT;
                case NOT_WHOLE -> DrillVerdict.NOT_WHOLE;
            };
        }

        public boolean isGood() {
            return this == EQUAL_TO_THE_SOURCE || this == RESTORED_AND_READ_BACK;
        }
    }

    /** What is done, in this order. */
    public enum Phase {
        /** The scratch database is made. */
        SCRATCH,
        /** A snapshot of the source is taken and read. */
        SOURCE,
        /** Until the archive has what the snapshot shows. */
        ARCHIVE,
        RESTORE,
        COMPARISON
    }

    /** How a table came out. */
    public enum Outcome {
        EQUAL,
        DIFFERENT,
        /** Equal to the archive; the source was not asked. */
        READ_BACK,
        /** Equal to the archive; the source's could not be read. */
        NOT_COMPARED
    }

    /** So many rows, and their checksum as 32 hexadecimal digits. */
    public record Rows(long rows, String checksum) {
        static Rows of(RowsChecksum checksum) {
            return new Rows(checksum.rows(), checksum.hex());
        }
    }

    /**
     * A table.
     *
     * @param restored empty when the restored database has no such table
     * @param source empty when the source has none, or was not asked
     * @param note why it was not compared
     */
    public record DrilledTable(
            String name,
            Outcome outcome,
            Optional<Rows> restored,
            Optional<Rows> source,
            Optional<String> note) {}

    public DrillReport {
        tables = List.copyOf(tables);
        differences = List.copyOf(differences);
        leftOut = List.copyOf(leftOut);
        notKnown = List.copyOf(notKnown);
        warnings = List.copyOf(warnings);
        Map<Phase, Duration> ordered = new EnumMap<>(Phase.class);
        ordered.putAll(phases);
        phases = Collections.unmodifiableMap(ordered);
    }

    /** How many tables came out so. */
    public long count(Outcome outcome) {
        return tables.stream().filter(table -> table.outcome() == outcome).count();
    }

    /** In the restored database. */
    public long rows() {
        return tables.stream().flatMap(one -> one.restored().stream()).mapToLong(Rows::rows).sum();
    }
}
