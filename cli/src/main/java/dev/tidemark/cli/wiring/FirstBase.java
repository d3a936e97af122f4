package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.capture.prepare.InitLock;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SlotRemoval;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCopy;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogSession;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.config.SourceSettings;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Prepares the source, starts its change log, and takes the first base under the slot's own
 * snapshot.
 *
 * <p>A run that broke off leaves an archive without a base; the next run cleans up and starts
 * again. Streaming may start as soon as the log has its first record; the archiver waits for the
 * base.
 */
public final class FirstBase {
    private static final String LEFT =
            "What was made so far may be left in source, Kafka and archive: 'tidemark init' run again goes on, and"
                    + " 'tidemark deinit' removes it from source and Kafka.";

    private final Parts parts;
    private final Progress progress;
    private final int jobs;

    /**
     * For one run.
     *
     * @param jobs parts of tables that are copied side by side
     */
    public FirstBase(Parts parts, Progress progress, int jobs) {
        this.parts = parts;
        this.progress = progress;
        this.jobs = jobs;
    }

    /** What was made. */
    public record Result(Manifest base, Catalog catalog, List<Problem> warnings) {
        public long rows() {
            return base.files().stream().mapToLong(file -> file.rows()).sum();
        }
    }

    /** Does it all. */
    public Result run(ChangeLogTopic topic) throws InterruptedException {
        Database admin = parts.admin();
        List<Problem> problems = SourceCheck.beforeInit(admin, parts.preparation());
        SourcePreparation.refuse(admin, problems);
        SourceFacts facts = SourceFacts.read(parts.replicating());
        topic.checkCreatable(); // before anything is changed anywhere
        ObjectStore store = parts.store();
        try (InitLock lock = InitLock.take(admin, parts.names());
                Archive archive = create(store, facts)) {
            return begin(archive, admin, topic, facts, problems);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot take the first base into "
                            + store.url()
                            + ": "
                            + TidemarkException.reason(e),
                    "Check archive.url, the rights there, and that the storage is up. " + LEFT,
                    e);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot read the "
                            + admin
                            + " for the first base: "
                            + TidemarkException.reason(e),
                    "Look at the source's log. " + LEFT,
                    e);
        }
    }

    private Result begin(
            Archive archive,
            Database admin,
            ChangeLogTopic topic,
            SourceFacts facts,
            List<Problem> problems)
            throws IOException, SQLException, InterruptedException {
        try {
            topic.create();
            SourcePreparation.prepare(parts);
            if (!archive
                    .isNew()) { // of a run that broke off; the slot of another archive is refused
                // below
                SlotRemoval.dropSlot(parts.replicating(), parts.names().slot());
                archive.discardUnpublished();
            }
            return takeBase(archive, admin, topic, facts, problems);
        } catch (TidemarkException e) {
            throw e.hinting(LEFT);
        }
    }

    private Archive create(ObjectStore store, SourceFacts facts) throws IOException {
        store.probe();
        parts.configuration().proof().signing().key(); // refused before anything is made
        if (Archive.find(store, parts.keys())
                .isEmpty()) { // else the next run would take the slot for its own
            SourceSnapshot.refuseExisting(parts.admin(), parts.names());
        }
        SourceSettings source = parts.configuration().neededSource();
        Archive archive =
                Archive.create(
                        store,
                        new ArchiveIdentity(
                                ArchiveIdentity.FORMAT,
                                source.name(),
                                facts.systemId(),
                                source.url().database(),
                                parts.clock().instant(),
                                "parquet"),
                        parts.keys());
        archive.signWith(parts.configuration().proof().signing());
        return archive;
    }

    private Result takeBase(
            Archive archive,
            Database admin,
            ChangeLogTopic topic,
            SourceFacts facts,
            List<Problem> problems)
            throws IOException, SQLException, InterruptedException {
        boolean isPublishing = false;
        try (SourceSnapshot snapshot =
                        SourceSnapshot.create(admin, parts.replicating(), parts.names());
                Connection session = snapshot.session();
                TemporaryFolder temporary = parts.temporary("base")) {
            Catalog catalog = CatalogReader.read(session);
            List<TablePart> tableParts = TableParts.of(session, catalog.tables());
            LogPoint log = startLog(topic, facts, snapshot);
            BaseBuilder base = new BaseBuilder(archive, temporary.path(), parts.clock());
            BaseCopy.run(snapshot, tableParts, base, jobs, TableCopy::copy, progress);
            isPublishing = true;
            Manifest manifest =
                    base.publish(
                            catalog,
                            snapshot.position(),
                            snapshot.latestCommit(),
                            snapshot.timeline(),
                            log,
                            Optional.empty());
            return new Result(manifest, catalog, problems);
        } finally {
            if (!isPublishing) { // else it may be published, and the slot is needed
                SlotRemoval.dropSlot(
                        parts.replicating(),
                        parts.names().slot()); // or it would hold the source's log for ever
            }
        }
    }

    private LogPoint startLog(ChangeLogTopic topic, SourceFacts facts, SourceSnapshot snapshot)
            throws InterruptedException {
        try (LogSession started =
                LogSession.start(
                        topic, LogOpening.session(parts, facts, "init"), snapshot.position())) {
            String id = idOf(topic);
            return new LogPoint(
                    topic.name(), id, started.offset(), Frame.OPENING, Optional.empty());
        }
    }

    /** The id of a topic that is there. */
    static String idOf(ChangeLogTopic topic) throws InterruptedException {
        return topic.id()
                .orElseThrow(
                        () ->
                                TidemarkException.failed(
                                        "the topic '" + topic.name() + "' disappeared",
                                        "Somebody deletes topics there."));
    }
}
