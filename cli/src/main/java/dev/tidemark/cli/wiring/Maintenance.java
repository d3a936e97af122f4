package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.base.BaseDue;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.expire.Expire;
import dev.tidemark.archiver.expire.ExpiryPlan;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.config.MaintenanceSettings;
import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that merges segments, makes bases and lets go what a policy lets go, beside the
 * archiver of this process, for as long as that is at work. Runs in its caller's thread until that
 * is interrupted. What broke off is begun again.
 */
final class Maintenance {
    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /**
     * An hour that is over is merged within this, and so is what is archived in it: some dozens of
     * segments, which each question reads.
     */
    private static final Duration LOOK = Duration.ofMinutes(5);

    /** After a failure: the archive is whole, and all this can wait. */
    private static final Duration PAUSE = Duration.ofMinutes(15);

    /** Of what a fold may take alone: capture and archiver need the rest. */
    private static final int MEMORY_PART = 3;

    private final Parts parts;
    private final MaintenanceSettings settings;
    private final ServiceState state;
    private final BooleanSupplier isArchiving;
    private final RepeatedFailures failures;
    private Optional<Outages> outages = Optional.empty(); // while the archiver here is at work

    /**
     * For the archive of the configuration.
     *
     * @param state is told when it fails without ending
     * @param isArchiving is the archiver here at work? While it stands by, another one's process
     *     does this
     */
    Maintenance(Parts parts, ServiceState state, BooleanSupplier isArchiving) {
        this.parts = parts;
        this.settings = parts.configuration().maintenance();
        this.state = state;
        this.isArchiving = isArchiving;
        this.failures = new RepeatedFailures(parts.clock());
    }

    /** Is there anything for it to do? */
    static boolean isWanted(MaintenanceSettings settings) {
        return settings.merges()
                || settings.baseInterval().isPresent()
                || settings.baseShare().isPresent()
                || settings.expires();
    }

    /** What goes wrong is logged and tried again: the archiver has to go on whatever this meets. */
    void run() throws IOException, InterruptedException {
        try (Archive archive = parts.archiveAtPace()) {
            outages = Optional.of(outagesSince(archive));
            while (true) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                if (!isArchiving.getAsBoolean()) {
                    state.running(); // what failed here is another process' work now
                    outages = Optional.empty();
                } else if (isOpen() && !didSafely(archive)) {
                    TimeUnit.NANOSECONDS.sleep(PAUSE.minus(LOOK).toNanos());
                }
            }
        } catch (TidemarkException e) {
            throw TidemarkException.failed(String.valueOf(e.getMessage()), e.hint(), e);
        }
    }

    private boolean isOpen() {
        ZoneId zone = parts.configuration().timezone().orElse(ZoneOffset.UTC);
        return settings.window()
                .map(window -> window.isOpen(parts.clock().instant().atZone(zone).toLocalTime()))
                .orElse(true);
    }

    private boolean didSafely(Archive archive) throws InterruptedException {
        try {
            work(archive);
            state.running();
            return true;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the archive was maintained");
            }
            state.retrying();
            log.error(
                    "maintenance: {}; trying again in {} min. HINT: {}",
                    e instanceof IOException broken
                            ? TidemarkException.messageOf(broken)
                            : e.getMessage(),
                    PAUSE.toMinutes(),
                    e instanceof TidemarkException said
                            ? said.hint()
                            : "The archive is whole, and archiving goes on.");
            log.debug("the failure was", e);
            return false;
        }
    }

    /** One after the other: what a base needs to read is less after a merge. */
    private void work(Archive archive) throws IOException {
        try (TemporaryFolder temporary = parts.temporary("maintenance")) {
            archive.refresh();
            noteOutages(archive);
            try {
                if (settings.merges()) {
                    merge(archive, temporary);
                }
            } finally { // a base does not need it
                boolean isDue =
                        new BaseDue(settings.baseInterval(), settings.baseShare())
                                .isDue(archive.state());
                if (isDue && !Thread.currentThread().isInterrupted()) {
                    makeBase(archive, temporary);
                }
            }
            if (settings.expires()) {
                expire(archive);
            }
        }
    }

    private Outages outagesSince(Archive archive) {
        return new Outages(archive.state(), parts.configuration().segment().idleAge());
    }

    private LedgerPen pen() {
        return new LedgerPen(parts.clock(), log::warn, failures::isNoted);
    }

    private void noteOutages(Archive archive) {
        Outages since = outages.orElseGet(() -> outagesSince(archive));
        outages = Optional.of(since);
        for (Outages.Outage outage : since.in(archive.state())) {
            log.warn(
                    "nothing was archived from {} to {}; nothing is lost",
                    outage.from(),
                    outage.to());
            pen().note(archive, outage);
        }
    }

    private void expire(Archive archive) throws IOException {
        Expire expire = new Expire(archive, parts.clock(), MergeLimits.DEFAULT, parts.lockedFor());
        Expire.Done done =
                pen().noting(
                                archive,
                                LedgerEntry.Kind.EXPIRE,
                                () -> expire.run(parts.configuration().retention()),
                                Expire.Done::bytesIfAny);
        failures.isOver(LedgerEntry.Kind.EXPIRE);
        for (ExpiryPlan.Going going : done.going()) {
            log.info(
                    "let go {}, of {} to {} ({}): {}",
                    Figures.counted(going.count(), going.what()),
                    going.from(),
                    going.to(),
                    Figures.bytes(going.bytes()),
                    going.why());
        }
        done.locked()
                .ifPresent(
                        locked ->
                                log.info(
                                        "Object Lock keeps {} ({}) of that in the bucket until {}",
                                        Figures.counted(locked.files(), "file"),
                                        Figures.bytes(locked.bytes()),
                                        locked.until()));
    }

    private void merge(Archive archive, TemporaryFolder temporary) throws IOException {
        Merge merge =
                new Merge(archive, temporary.path(), parts.clock(), MergeLimits.DEFAULT, false);
        Optional<Merge.Done> merged =
                pen().noting(
                                archive,
                                LedgerEntry.Kind.MERGE,
                                () -> runUnlessOvertaken(merge),
                                done -> done.map(Maintenance::noted).orElse(OptionalLong.empty()));
        failures.isOver(LedgerEntry.Kind.MERGE);
        merged.filter(done -> done.merged() > 0)
                .ifPresent(
                        done ->
                                log.info(
                                        "merged {} ({}) to {} ({})",
                                        Figures.counted(done.replaced(), "segment"),
                                        Figures.bytes(done.bytesBefore()),
                                        done.merged(),
                                        Figures.bytes(done.bytesAfter())));
    }

    /**
     * Every few minutes there is a merge that is not for good: the ledger would hold little else.
     */
    private static OptionalLong noted(Merge.Done done) {
        return done.ofTimeOver() > 0 ? done.bytesIfAny() : OptionalLong.empty();
    }

    private static Optional<Merge.Done> runUnlessOvertaken(Merge merge) throws IOException {
        try {
            return Optional.of(merge.run(Merge.Progress.NONE));
        } catch (TidemarkException e) {
            if (merge.isOvertaken()) {
                log.info("another process merges");
                return Optional.empty();
            }
            throw e;
        }
    }

    private void makeBase(Archive archive, TemporaryFolder temporary) throws IOException {
        LedgerPen pen = pen();
        Optional<FoldedBase> base =
                FoldedBase.begin(
                        archive, temporary.path(), Fold.memory() / MEMORY_PART, parts.clock());
        if (base.isPresent()) {
            base.get()
                    .goesOn()
                    .ifPresent(
                            one ->
                                    log.info(
                                            "going on with the base that broke off after {}: {} of {} are finished",
                                            one.recorded(),
                                            one.finished(),
                                            Figures.counted(one.tables(), "table")));
            FoldedBase.Made made =
                    pen.noting(
                            archive,
                            LedgerEntry.Kind.BASE,
                            () -> base.get().run(FoldedBase.Progress.NONE),
                            done -> OptionalLong.of(done.bytes()));
            failures.isOver(LedgerEntry.Kind.BASE);
            log.info(
                    "made a base as of {}: {} of {}, {} of which had changed ({})",
                    made.manifest().span().to(),
                    Figures.counted(made.rows(), "row"),
                    Figures.counted(made.tables(), "table"),
                    made.changed(),
                    Figures.bytes(made.bytes()));
        }
    }
}
