package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Collects the files of a base. Parts of tables are written and uploaded by many threads; nothing
 * counts until {@link #publish}, or {@link TableBaseCommitter#publish} for a base of single tables.
 */
public final class BaseBuilder {
    /** Lost races: what is published beside a base takes no time. */
    private static final int ATTEMPTS_MAX = 50;

    private final Archive archive;
    private final Path temporary;
    private final Clock clock;
    private final OptionalInt version;
    private final Queue<FileRef> files = new ConcurrentLinkedQueue<>();

    /**
     * A base of all tables: an archive's first, or the one after a gap.
     *
     * @param temporary a folder of its own on local disk
     */
    public BaseBuilder(Archive archive, Path temporary, Clock clock) {
        this(archive, temporary, clock, OptionalInt.of(1));
    }

    /** A base of tables in the versions that they have in the archive. */
    static BaseBuilder ofVersions(Archive archive, Path temporary, Clock clock) {
        return new BaseBuilder(archive, temporary, clock, OptionalInt.empty());
    }

    /**
     * A base of single tables, for an archive that has one of all: the tables' versions are not
     * known before it is published. A part without rows makes a file too, which names its table.
     */
    public static BaseBuilder ofTables(Archive archive, Path temporary, Clock clock) {
        return new BaseBuilder(
                archive, temporary, clock, OptionalInt.of(TableBaseCommitter.NO_VERSION));
    }

    private BaseBuilder(Archive archive, Path temporary, Clock clock, OptionalInt version) {
        this.archive = archive;
        this.temporary = temporary;
        this.clock = clock;
        this.version = version;
    }

    /** Starts one part of a table. Safe for use by many threads; the part itself is for one. */
    public Part part(Table table, int number) throws IOException {
        Path file = temporary.resolve("base-%d-%05d.parquet".formatted(table.id(), number));
        return new Part(
                table.withVersion(version.orElse(table.version())),
                number,
                BaseWriter.create(file, table));
    }

    /** Some of a table's rows. */
    public final class Part {
        private final Table table;
        private final int number;
        private final BaseWriter writer;

        private Part(Table table, int number, BaseWriter writer) {
            this.table = table;
            this.number = number;
            this.writer = writer;
        }

        public void add(List<Value> row) throws IOException {
            writer.add(row);
        }

        /** About how large its file is so far. */
        long bytes() {
            return writer.bytes();
        }

        /** Uploads it; an empty part of a base of all tables leaves no file. */
        public void close() throws IOException {
            Optional<FileRef> unused = finish();
        }

        /** The same; its file, if it left one. */
        Optional<FileRef> finish() throws IOException {
            long rows = writer.rows();
            if (rows == 0 && table.version() != TableBaseCommitter.NO_VERSION) {
                writer.discard();
                return Optional.empty();
            }
            Path file = writer.close();
            try {
                String name = "%d-%d-%05d.parquet".formatted(table.id(), table.version(), number);
                FileRef uploaded =
                        archive.upload(
                                file, name, FileRef.Kind.BASE, rows, table.id(), table.version());
                files.add(uploaded);
                return Optional.of(uploaded);
            } finally {
                Files.deleteIfExists(file);
            }
        }

        /** Leaves no trace. */
        public void discard() throws IOException {
            writer.discard();
        }
    }

    /** What was uploaded so far, by name. */
    public List<FileRef> files() {
        List<FileRef> all = new ArrayList<>(files);
        all.sort(Comparator.comparing(FileRef::name));
        return all;
    }

    /**
     * Publishes the base.
     *
     * @param catalog as of the position; its tables get version 1
     * @param latestCommit no commit in the base is later
     * @param gap what is lost before it; empty for an archive's first
     */
    public Manifest publish(
            Catalog catalog,
            Position position,
            Instant latestCommit,
            int timeline,
            LogPoint log,
            Optional<Gap> gap)
            throws IOException {
        Catalog first =
                new Catalog(
                        catalog.server(),
                        catalog.tables().stream().map(table -> table.withVersion(1)).toList(),
                        catalog.objects());
        FileRef schema = archive.upload(first);
        List<FileRef> all = files();
        all.add(schema);
        Span span = new Span(position, position, latestCommit, latestCommit, latestCommit, 0, 0);
        Manifest draft =
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        0,
                        "",
                        Manifest.Kind.BASE,
                        "",
                        clock.instant(),
                        timeline,
                        log,
                        span,
                        schema,
                        all,
                        Optional.empty(),
                        gap);
        return commit(draft);
    }

    /** Others may publish beside it what is neither base nor segment, such as a mark. */
    private Manifest commit(Manifest draft) throws IOException {
        Optional<Manifest> newest = archive.state().newest();
        Optional<String> begun = archive.state().writerSince(Manifest.Kind.TABLE_BASE_BEGUN);
        for (int attempt = 0; ; attempt++) {
            try {
                return archive.commit(draft);
            } catch (LostRaceException e) {
                archive.refresh();
                if (attempt >= ATTEMPTS_MAX
                        || !archive.state().newest().equals(newest)
                        || !archive.state()
                                .writerSince(Manifest.Kind.TABLE_BASE_BEGUN)
                                .equals(begun)) {
                    throw TidemarkException.failed(
                            "another process published first: " + e.getMessage(),
                            "Run 'tidemark info' to see what the archive holds, then run the command again if a base is"
                                    + " still missing.",
                            e);
                }
            }
        }
    }
}
