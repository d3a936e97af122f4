package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.capture.Capture;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Snapshots of services, and a configuration, as they could be at {@link #NOW}. */
final class Fakes {
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private Fakes() {}

    static CaptureLook capture(Capture.State state) {
        return new CaptureLook(
                state,
                new CaptureProgress.Snapshot(
                        40,
                        1_234,
                        56_789,
                        new Position(0x1_0000_0010L),
                        NOW.minusMillis(1_500),
                        new Position(0x1_0000_0000L),
                        NOW.minusMillis(2_500),
                        NOW.minusSeconds(1),
                        Duration.ofMillis(12),
                        Duration.ofMillis(250)));
    }

    static ArchiverProgress archiver(ArchiverProgress.State state) {
        return new ArchiverProgress(
                state,
                new ArchiverProgress.Published(7, 1_200, 98_765),
                new ArchiverProgress.Known(new Position(0xFFFF_FFF0L), NOW.minusSeconds(9), 11, 2),
                Optional.of(NOW.minusSeconds(3)),
                NOW.minusSeconds(1));
    }

    static ServiceState service(String name, Instant since) {
        return new ServiceState(name, Clock.fixed(since, ZoneOffset.UTC));
    }

    static Observed observed(List<ServiceState> services) {
        return new Observed(
                services,
                Optional.of(() -> capture(Capture.State.STREAMING)),
                Optional.of(() -> archiver(ArchiverProgress.State.WORKING)),
                Optional.of(
                        new Observed.Slot(
                                () ->
                                        new Database(
                                                Database.Role.SOURCE,
                                                DatabaseUrl.parse(
                                                        "postgresql://tidemark@127.0.0.1:1/crm"),
                                                Optional.of("hunter2")),
                                "tidemark_crm")),
                Optional.of(MemoryObjectStore::new));
    }

    static List<ServiceState> services() {
        return List.of(
                service("capture", NOW.minusSeconds(100)),
                service("table-bases", NOW.minusSeconds(100)),
                service("archiver", NOW.minusSeconds(100)));
    }

    static Reading reading(Observed observed) {
        return new Reading(
                NOW,
                observed.services().stream().map(ServiceState::snapshot).toList(),
                observed.capture().map(one -> one.get()),
                observed.archiver().map(one -> one.get()),
                Optional.of(
                        new SourceSample(
                                true,
                                Optional.of(
                                        new SourceSample.Slot(
                                                4_096, "extended", OptionalLong.of(8_192), 600)))),
                Optional.of(
                        new LedgerSample(
                                Optional.of(entry(LedgerEntry.Kind.VERIFY, 5_000)),
                                Optional.of(entry(LedgerEntry.Kind.RESTORE, 61_500)),
                                Optional.of(drilled()),
                                Optional.of(drilled()),
                                Optional.of(drilled()))),
                List.of(
                        new DiskSample("temporary", 1e9, Double.NaN),
                        new DiskSample("archive", 2e9, 7_200),
                        new DiskSample("kafka", 3e9, Double.NaN)));
    }

    private static LedgerEntry drilled() {
        return entry(LedgerEntry.Kind.DRILL, 70_000)
                .proving(
                        new LedgerEntry.Drill(
                                DrillVerdict.EQUAL_TO_THE_SOURCE, OptionalLong.of(45_250)));
    }

    private static LedgerEntry entry(LedgerEntry.Kind kind, long millis) {
        return new LedgerEntry(
                Ledger.FORMAT,
                kind,
                NOW.minusSeconds(3_600),
                10,
                true,
                millis,
                1_000_000,
                Optional.empty());
    }

    static Configuration configuration(Path directory, String listen) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("tidemark.yaml"),
                        """
                        source: {name: crm, url: "postgresql://tidemark@db/crm"}
                        kafka: {bootstrap-servers: embedded, properties: {sasl.jaas.config: hunter2}}
                        archive: {url: %s}
                        objectives: {rpo: 10s, rto: 1h}
                        %s
                        """
                                .formatted(directory.resolve("archive"), listen));
        return Configuration.read(file, Set.of());
    }
}
