package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.archiver.base.TableBaseCommitter;
import dev.tidemark.capture.prepare.InitLock;
import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SlotRemoval;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCopy;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogSession;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a new base of all tables where changes cannot go on, and records what is lost as a gap. The
 * archive keeps all that it had.
 *
 * <p>First what is left in the change log is archived. Then the source gets a new slot, whose
 * snapshot the base is of, and the change log a record that says where it goes on; the archiver
 * waits there for the base. A run that broke off is repeated from the beginning.
 */
public final class BaseAfterGap {
    private static final String AGAIN =
            "The archive is as it was. Run 'tidemark base --from-source' again.";

    private final Parts parts;
    private final ChangeLogTopic topic;
    private final Progress progress;
    private final int jobs;

    /**
     * For one run.
     *
     * @param jobs parts of tables that are copied side by side
     */
    public BaseAfterGap(Parts parts, ChangeLogTopic topic, Progress progress, int jobs) {
        this.parts = parts;
        this.topic = topic;
        this.progress = progress;
        this.jobs = jobs;
    }

    /** What was made; its manifest names the gap. */
    public record Result(Manifest base, List<Problem> warnings) {
        public long rows() {
            return base.files().stream().mapToLong(file -> file.rows()).sum();
        }
    }

    /** Why changes do not go on, and from where on they are lost. Changes nothing. */
    public GapDiagnosis look() throws InterruptedException {
        try (Archive archive = parts.archive()) {
            return GapSearch.run(parts, archive, topic);
        } catch (IOException e) {
            throw Parts.unreadable(parts.store(), e);
        }
    }

    /**
     * Does it.
     *
     * @param reason what the archive is to say of the gap; else what the diagnosis found
     */
    public Result run(Optional<String> reason) throws InterruptedException {
        Database admin = parts.admin();
        try (Archive archive = parts.archive();
                InitLock lock = InitLock.take(admin, parts.names())) {
            archive.checkSigning();
            GapDiagnosis found = GapSearch.run(parts, archive, topic);
            List<Problem> problems = SourceCheck.beforeBase(admin, parts.preparation());
            SourcePreparation.refuse(admin, problems);
            List<String> reasons = new ArrayList<>(found.reasons());
            if (found.captured().isPresent()) {
                LogDrain.run(parts, archive, topic, found.captured().get()).ifPresent(reasons::add);
            }
            topic.create();
            Preparation.dropPublication(admin, parts.names());
            SourcePreparation.prepare(parts);
            SlotRemoval.dropSlot(parts.replicating(), parts.names().slot());
            return takeBase(archive, found, reason.orElse(said(reasons)), problems);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot take the base: " + TidemarkException.reason(e),
                    "Check archive.url, the rights there, and that the storage is up. " + AGAIN,
                    e);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot read the " + admin + " for the base: " + TidemarkException.reason(e),
                    "Look at the source's log. " + AGAIN,
                    e);
        }
    }

    private static String said(List<String> reasons) {
        return reasons.isEmpty() ? "asked for by an operator" : String.join("; ", reasons);
    }

    private Result takeBase(
            Archive archive, GapDiagnosis found, String reason, List<Problem> problems)
            throws IOException, SQLException, InterruptedException {
        boolean isPublishing = false;
        try (SourceSnapshot snapshot =
                        SourceSnapshot.create(parts.admin(), parts.replicating(), parts.names());
                Connection session = snapshot.session();
                TemporaryFolder temporary = parts.temporary("base")) {
            archive.refresh();
            Gap gap = gap(archive, snapshot, reason);
            LogPoint log = startLog(found, snapshot, gap); // at once: a capture may start any time
            Catalog catalog = CatalogReader.read(session);
            List<TablePart> tableParts = TableParts.of(session, catalog.tables());
            new TableBaseCommitter(archive, temporary.path(), parts.clock()).begin();
            BaseBuilder base = new BaseBuilder(archive, temporary.path(), parts.clock());
            BaseCopy.run(snapshot, tableParts, base, jobs, TableCopy::copy, progress);
            isPublishing = true;
            return new Result(
                    base.publish(
                            catalog,
                            snapshot.position(),
                            snapshot.latestCommit(),
                            snapshot.timeline(),
                            log,
                            Optional.of(gap)),
                    problems);
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            if (!isPublishing) { // or it would hold the source's log for ever
                dropSlotAfter(e);
            }
            throw e;
        }
    }

    private void dropSlotAfter(Exception failure) {
        try {
            SlotRemoval.dropSlot(parts.replicating(), parts.names().slot());
        } catch (TidemarkException e) {
            failure.addSuppressed(e);
        }
    }

    private Gap gap(Archive archive, SourceSnapshot snapshot, String reason) {
        Manifest newest = archive.state().newest().orElseThrow();
        Instant now = parts.clock().instant();
        return new Gap(
                newest.span().to(), newest.span().lastCommit(), snapshot.systemId(), reason, now);
    }

    private LogPoint startLog(GapDiagnosis found, SourceSnapshot snapshot, Gap gap)
            throws InterruptedException {
        Entry.Gap lost =
                new Entry.Gap(gap.from(), snapshot.position(), gap.reason(), gap.noticed());
        try (LogSession started =
                LogSession.startAfter(
                        lost, topic, LogOpening.session(parts, found.source(), "base"))) {
            return new LogPoint(
                    topic.name(),
                    FirstBase.idOf(topic),
                    started.offset(),
                    Frame.OPENING,
                    Optional.empty());
        }
    }
}
