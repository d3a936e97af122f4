package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.FileRef;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of a folded base that are finished. The archive is told of them now and then, so that
 * who goes on with it after it broke off need not write them again. For one thread.
 */
final class FinishedTables {
    /** A base that takes no longer is not worth a manifest of its own. */
    static final Duration RECORD_EVERY = Duration.ofSeconds(30);

    /**
     * A part of the time so far that may be lost. Each record names all files: so there are few of
     * them, however long it takes.
     */
    private static final int LOST_PART = 20;

    /** Publishes what is finished. */
    interface Publication {
        void publish(List<FileRef> files) throws IOException;
    }

    private final Clock clock;
    private final Duration every;
    private final Instant begun;
    private final Publication publication;
    private final List<FileRef> files;
    private final Set<FileRef> recorded;
    private Instant lastRecord;

    /**
     * @param before files of tables that were finished before, as the archive says
     */
    FinishedTables(List<FileRef> before, Clock clock, Duration every, Publication publication) {
        this.clock = clock;
        this.every = every;
        this.publication = publication;
        this.begun = clock.instant();
        this.lastRecord = begun;
        this.files = new ArrayList<>(before);
        this.recorded = new HashSet<>(before);
    }

    /** Of a base that would be made anew, should it break off. */
    static FinishedTables unrecorded(Clock clock) {
        return new FinishedTables(List.of(), clock, Duration.ofDays(Integer.MAX_VALUE), any -> {});
    }

    /** One more is finished, with these files. */
    void add(List<FileRef> ofTable) throws IOException {
        files.addAll(ofTable);
        Instant now = clock.instant();
        if (!ofTable.isEmpty() && Duration.between(lastRecord, now).compareTo(pause(now)) >= 0) {
            recorded.addAll(files); // perhaps, should the answer be lost
            publication.publish(files());
            lastRecord = now;
        }
    }

    private Duration pause(Instant now) {
        Duration part = Duration.between(begun, now).dividedBy(LOST_PART);
        return part.compareTo(every) > 0 ? part : every;
    }

    /** All files of them. */
    List<FileRef> files() {
        return List.copyOf(files);
    }

    /** Does the archive name it? */
    boolean isRecorded(FileRef file) {
        return recorded.contains(file);
    }
}
