package dev.tidemark.cli.demo;

import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a demo did and found: the answer of {@code demo --json}.
 *
 * @param isEqual is every restored table as the source's was, and the archive whole?
 * @param configuration the file that commands can be given; it is there only when kept
 * @param example the key of a contact that has a history, and that the accident deleted
 */
public record DemoReport(
        boolean isEqual,
        long seed,
        double scale,
        Path configuration,
        boolean isKept,
        FirstBase base,
        Work work,
        Accident accident,
        List<Moment> moments,
        Loss loss,
        Archived archive,
        Verified verified,
        Optional<Long> example,
        Duration elapsed) {
    public DemoReport {
        moments = List.copyOf(moments);
        if (isEqual != isEqual(moments, verified)) {
            throw new IllegalArgumentException("a report that contradicts itself");
        }
    }

    /** Is every moment equal, and the archive whole? */
    static boolean isEqual(List<Moment> moments, Verified verified) {
        return verified.isWhole() && moments.stream().allMatch(Moment::isEqual);
    }

    /** What {@code init} took. */
    public record FirstBase(long rows, int tables, Duration duration) {}

    /**
     * What the CRM's sessions did.
     *
     * @param transactions committed
     * @param changes that the archive has of them and of the accident
     * @param duration from the first transaction to the last, pauses included
     */
    public record Work(
            int sessions,
            long transactions,
            long rolledBack,
            long changes,
            long changesPerSecond,
            Duration duration) {}

    /** What the script destroyed. */
    public record Accident(long xid, Map<String, Long> rowsDeleted) {
        public Accident {
            rowsDeleted = Collections.unmodifiableMap(new LinkedHashMap<>(rowsDeleted));
        }

        public long rows() {
            return rowsDeleted.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * A moment that was restored.
     *
     * @param option as the command line has it, such as {@code --to 0/1A2B3C8}
     * @param sourcePosition where the source was when its rows were read
     * @param cut the last transaction that was restored
     * @param duration of the restore: plan, read, load, check
     * @param differences one line for each table that differs
     * @param objectsUnlike what the source had beside tables then, and the restored database lacks
     *     or has in another form: {@code view crm.pipeline}
     * @param objectsBeyond the same, with the two exchanged
     * @param warnings of the restore
     */
    public record Moment(
            String name,
            String option,
            Position sourcePosition,
            Position cut,
            String database,
            int tables,
            long rows,
            boolean isEqual,
            List<String> differences,
            List<String> objectsUnlike,
            List<String> objectsBeyond,
            List<String> warnings,
            Duration duration) {
        public Moment {
            objectsUnlike = List.copyOf(objectsUnlike);
            objectsBeyond = List.copyOf(objectsBeyond);
            differences = List.copyOf(differences);
            warnings = List.copyOf(warnings);
        }
    }

    /** How much would have been lost, had the source gone up in flames at any time. */
    public record Loss(
            Duration toKafkaMedian,
            Duration toKafkaHigh,
            Duration toArchiveMedian,
            Duration toArchiveHigh) {}

    /** What the archive holds. */
    public record Archived(
            long baseBytes,
            long segmentBytes,
            int segments,
            long transactions,
            long changes,
            double bytesPerChange) {}

    /** What {@code verify} found. */
    public record Verified(
            boolean isWhole,
            long files,
            long transactions,
            long changes,
            List<String> problems,
            Duration duration) {
        public Verified {
            problems = List.copyOf(problems);
        }
    }
}
