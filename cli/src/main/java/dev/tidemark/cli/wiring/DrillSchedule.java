package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.config.DrillSettings;
import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that proves by schedule that restores work, as long as the archiver of this process
 * is at work: of several archivers one is. When a drill is due the ledger says, whoever made the
 * last one. Each is a {@link DrillProcess}. Runs in its caller's thread until that is interrupted;
 * nothing that fails here ends it, or the archiver.
 */
final class DrillSchedule {
    private static final Logger log = LoggerFactory.getLogger(DrillSchedule.class);

    /** Short against what a drill takes. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** What did not end well is tried again the next day, if that is sooner than its turn. */
    private static final Duration AGAIN = Duration.ofDays(1);

    /** What could not be begun or noted. */
    private static final Duration PAUSE = Duration.ofMinutes(15);

    /** An archiver that is away so long was followed by another one, whose turn it is. */
    private static final Duration AWAY_MAX = Duration.ofMinutes(10);

    /** The largest database is restored in hours: what takes longer hangs. */
    private static final Duration DRILL_MAX = Duration.ofDays(3);

    /** Exit codes, see docs/architecture.md. */
    private static final Set<Integer> REFUSED = Set.of(2, 3);

    private static final int FAILED = 4;
    private static final int INTERRUPTED = 130;

    private final Parts parts;
    private final DrillSettings settings;
    private final Path configuration;
    private final ServiceState state;
    private final BooleanSupplier isArchiving;
    private Instant next = Instant.MIN; // nothing is asked of the storage before

    /**
     * For the archive of the configuration.
     *
     * @param configuration the file, for the process
     * @param state is told when it cannot be drilled at all
     * @param isArchiving is the archiver here at work?
     */
    DrillSchedule(
            Parts parts, Path configuration, ServiceState state, BooleanSupplier isArchiving) {
        this.parts = parts;
        this.settings = parts.configuration().drill();
        this.configuration = configuration;
        this.state = state;
        this.isArchiving = isArchiving;
    }

    /** Looks whether one is due, again and again. */
    void run() throws InterruptedException {
        while (true) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            if (!isArchiving.getAsBoolean()) {
                state.running(); // what failed here is another process' work now
            } else if (isOpen() && !parts.clock().instant().isBefore(next)) {
                turnSafely();
            }
        }
    }

    private boolean isOpen() {
        ZoneId zone = parts.configuration().timezone().orElse(ZoneOffset.UTC);
        return parts.configuration()
                .maintenance()
                .window()
                .map(window -> window.isOpen(parts.clock().instant().atZone(zone).toLocalTime()))
                .orElse(true);
    }

    private void turnSafely() throws InterruptedException {
        try {
            Duration interval = settings.interval().orElseThrow();
            next = due(newest(Instant.MIN), interval);
            if (!parts.clock().instant().isBefore(next)) {
                next =
                        parts.clock()
                                .instant()
                                .plus(shorter(AGAIN, interval)); // whatever it comes to
                turn();
            }
            state.running();
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a drill was begun");
            }
            next = parts.clock().instant().plus(PAUSE);
            state.retrying();
            log.error(
                    "drill: {}; trying again in {} min. HINT: {}",
                    TidemarkException.reason(e),
                    PAUSE.toMinutes(),
                    e instanceof TidemarkException said ? said.hint() : "Archiving goes on.");
            log.debug("the failure was", e);
        }
    }

    /** When the next one is due. */
    static Instant due(Optional<LedgerEntry> newest, Duration interval) {
        return newest.map(
                        entry ->
                                entry.time()
                                        .plus(entry.good() ? interval : shorter(AGAIN, interval)))
                .orElse(Instant.MIN);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Optional<LedgerEntry> newest(Instant since) throws IOException {
        try (ObjectStore store = parts.store()) {
            return new Ledger(store)
                    .newest(LedgerEntry.Kind.DRILL)
                    .filter(entry -> !entry.time().isBefore(since));
        }
    }

    /**
     * What the source has now, and, where that was compared with it, a moment by chance. The newest
     * entry is good only if both were.
     */
    private void turn() throws IOException, InterruptedException {
        boolean isCompared =
                drill(List.of())
                        .filter(proved -> proved.is(DrillVerdict.EQUAL_TO_THE_SOURCE))
                        .isPresent();
        if (isCompared) {
            var unused = drill(List.of("--no-source"));
        }
    }

    private Optional<LedgerEntry.Drill> drill(List<String> choice)
            throws IOException, InterruptedException {
        Instant start = parts.clock().instant();
        LedgerPen pen = new LedgerPen(parts.clock(), log::warn);
        log.info("drill: begins");
        Optional<Integer> code;
        try (DrillProcess process =
                DrillProcess.start(configuration, settings, choice, DrillSchedule::log)) {
            code = codeOf(process);
        }
        if (code.isEmpty() || code.get() == INTERRUPTED) {
            return Optional.empty(); // and no entry: the next drill will be one
        }
        Optional<LedgerEntry> entry = newest(start);
        if (entry.isEmpty() && code.get() != 0) {
            DrillVerdict verdict =
                    REFUSED.contains(code.get()) ? DrillVerdict.REFUSED : DrillVerdict.BROKE_OFF;
            pen.note(parts, new LedgerEntry.Drill(verdict, OptionalLong.empty()));
        }
        tell(code.get(), Duration.between(start, parts.clock().instant()));
        return entry.flatMap(LedgerEntry::drill);
    }

    /** Its exit code; empty when it was ended, since another archiver is at work. */
    private Optional<Integer> codeOf(DrillProcess process) throws InterruptedException {
        long start = System.nanoTime();
        long archiving = start;
        while (!process.endsWithin(LOOK)) {
            long now = System.nanoTime();
            archiving = isArchiving.getAsBoolean() ? now : archiving;
            if (now - archiving > AWAY_MAX.toNanos()) {
                log.info("drill: ended, since the archiver here is not at work any more");
                return Optional.empty();
            }
            if (now - start > DRILL_MAX.toNanos()) {
                log.error("drill: did not end in {} days", DRILL_MAX.toDays());
                return Optional.of(FAILED);
            }
        }
        return Optional.of(process.exitCode());
    }

    private static void log(String line) {
        if (line.startsWith("warning:") || line.startsWith("error:") || line.startsWith("HINT:")) {
            log.warn("drill: {}", line);
        } else {
            log.info("drill: {}", line);
        }
    }

    private static void tell(int code, Duration took) {
        if (code == 0) {
            log.info("drill: ended well after {} s", took.toSeconds());
        } else {
            log.error(
                    "drill: ended with exit code {} after {} s: it is not proven that the archive can be restored now."
                            + " HINT: Run 'tidemark drill' by hand to see what is wrong. Archiving goes on.",
                    code,
                    took.toSeconds());
        }
    }
}
