package dev.tidemark.cli.differential;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Databases;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.LogProgress;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.FirstBase;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.Place;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.Services;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Tidemark on one seed's database, in this process. Closing leaves only files. */
public final class Site implements AutoCloseable {
    /**
     * A command that has a source tell what no event trigger told; its own look may be under way.
     */
    public static final String LOOK =
            "DO $$ BEGIN WHILE NOT tidemark.look(true) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$";

    /** Some hundred transactions take a second; a loaded machine is given thirty times that. */
    private static final Duration ARCHIVED_MAX = Duration.ofSeconds(30);

    /** Tables are small. */
    private static final int JOBS = 2;

    private final Servers servers;
    private final String name;
    private final Parts parts;
    private final Services services;
    private final List<String> databases = new ArrayList<>();
    private boolean isPrepared;

    private Site(Servers servers, String name, Parts parts) {
        this.servers = servers;
        this.name = name;
        this.parts = parts;
        this.services = new Services(parts, parts.topic(servers.bootstrapServers()));
    }

    /** With an empty database; nothing is prepared yet. */
    public static Site create(Servers servers, String name) throws IOException, SQLException {
        Path directory = Files.createDirectories(servers.directory().resolve(name));
        Path file = directory.resolve("tidemark.yaml");
        Files.writeString(file, yaml(servers, name, directory));
        Parts parts =
                new Parts(
                        Configuration.read(file, Set.of(Section.values())),
                        new Databases(Map.of(), warning -> {}),
                        Clock.systemUTC());
        Site site = new Site(servers, name, parts);
        site.createDatabase(name);
        return site;
    }

    private static String yaml(Servers servers, String name, Path directory) {
        return """
        source:
          name: %2$s
          url: postgresql://tidemark@127.0.0.1:%1$d/%2$s
          admin-url: postgresql://postgres@127.0.0.1:%1$d/%2$s
        kafka:
          bootstrap-servers: %3$s
        archive:
          url: %4$s
        segment:
          max-age: 300ms
          idle-age: 300ms
        capture:
          heartbeat: 200ms
        temporary-directory: %5$s
        """
                .formatted(
                        servers.port(),
                        name,
                        servers.bootstrapServers(),
                        directory.resolve("archive").toUri(),
                        directory);
    }

    private Database createDatabase(String database) throws SQLException {
        servers.execute("postgres", "CREATE DATABASE " + database + " TEMPLATE template0");
        databases.add(database);
        return servers.database(database);
    }

    public Database source() {
        return servers.database(name);
    }

    /** As an operator would do it: init, then run. */
    public void protect() throws InterruptedException {
        new FirstBase(parts, silent(), JOBS).run(parts.topic(servers.bootstrapServers()));
        isPrepared = true;
        services.startCapture();
        services.startArchiver();
    }

    /** Waits until the archive reaches a position. */
    public void awaitArchived(Position position) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + ARCHIVED_MAX.toNanos();
        while (archived().isBefore(position)) {
            services.failure()
                    .ifPresent(
                            e -> {
                                throw e;
                            });
            if (System.nanoTime() > deadline) {
                throw TidemarkException.failed(
                        "the archive is at %s and did not reach %s in %d s"
                                .formatted(archived(), position, ARCHIVED_MAX.toSeconds()),
                        "See what the services logged.");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private Position archived() throws IOException {
        try (Archive archive = parts.archive()) {
            return archive.state().newest().orElseThrow().span().to();
        }
    }

    /** Has the source tell of its whole catalog what it has not told yet. */
    public void look() throws SQLException {
        servers.execute(name, LOOK);
    }

    /** A new database as of a position. */
    public Database restore(Position position, int number)
            throws SQLException, IOException, InterruptedException {
        Database target = createDatabase(name + "_" + number);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("restore")) {
            RestoreJob job =
                    new RestoreJob(
                            archive,
                            temporary.path(),
                            RestoreOptions.of(JOBS),
                            silent(),
                            parts.clock());
            RestorePlan plan = job.plan(new Target(new Moment.AtPosition(position), false));
            List<String> uncertain = job.untold(plan).uncertain();
            if (!uncertain.isEmpty()) { // the command would restore it, and end with 1
                throw TidemarkException.refused("not known at " + position + ": " + uncertain, "");
            }
            job.run(plan, target, Place.AS_IT_IS, new LedgerPen(Clock.systemUTC(), warning -> {}));
        }
        return target;
    }

    public void stop() throws InterruptedException {
        services.stop();
    }

    private Progress silent() {
        return new LogProgress(parts.clock(), line -> {});
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        services.stop();
        if (isPrepared) {
            String slot = parts.names().slot();
            servers.execute(
                    name,
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                            + slot
                            + "' AND active",
                    "SELECT pg_drop_replication_slot('" + slot + "')");
        }
        for (String database : databases) {
            servers.execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
        }
    }
}
