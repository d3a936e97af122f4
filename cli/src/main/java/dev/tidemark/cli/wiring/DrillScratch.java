package dev.tidemark.cli.wiring;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a drill restores to. Closing it removes all of it, also while a thread is interrupted. */
sealed interface DrillScratch extends AutoCloseable {
    /** An empty database. */
    Database database();

    /** How a restore into it goes. */
    RestoreOptions options(int jobs);

    /** What is not as in a restore into a server of one's own. */
    List<String> notes();

    @Override
    void close();

    /** A server of our own, in a folder that the next run deletes if this one is killed. */
    record Embedded(
            TemporaryFolder folder, PostgresServer server, Database database, List<String> notes)
            implements DrillScratch {
        /** What a restore needs; the default is meant for the smallest machines. */
        private static final Map<String, String> SETTINGS =
                Map.of("shared_buffers", "128MB", "max_wal_size", "1GB", "wal_level", "replica");

        private static final String NAME = "drill";
        private static final int PASSWORD_BYTES = 16;

        /** Starts it. */
        static Embedded start(Parts parts, Catalog catalog) {
            TemporaryFolder folder = parts.temporary("drill-server");
            Optional<PostgresServer> server = Optional.empty();
            boolean isStarted = false;
            String password = password();
            try {
                server =
                        Optional.of(
                                PostgresServer.startWithPassword(
                                        folder.path(),
                                        PostgresBinaries.onClassPath(),
                                        SETTINGS,
                                        password));
                Database database = database(server.get(), password);
                List<String> notes = create(database, catalog);
                isStarted = true;
                return new Embedded(folder, server.get(), database, notes);
            } finally {
                if (!isStarted) {
                    server.ifPresent(PostgresServer::close);
                    folder.close();
                }
            }
        }

        /** The source's rows are in it: other users of this machine are kept out. */
        private static String password() {
            byte[] bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        private static Database database(PostgresServer server, String password) {
            return new Database(
                    Database.Role.TARGET,
                    new DatabaseUrl("127.0.0.1", server.port(), NAME, server.superuser(), Map.of()),
                    Optional.of(password));
        }

        /** With the source's locale, if this machine has that. */
        private static List<String> create(Database database, Catalog catalog) {
            try {
                TargetDatabase.recreate(database, TargetCheck.withOlderExtensions(catalog));
                return List.of();
            } catch (TidemarkException e) {
                if (e.kind() != TidemarkException.Kind.FAILED) {
                    throw e;
                }
                createPlain(database);
                return List.of(
                        "the scratch database has the locale C, since the source's is not on this machine: text sorts in"
                                + " another order");
            }
        }

        private static void createPlain(Database database) {
            try (Connection session = TargetDatabase.maintenance(database).connect();
                    Statement statement = session.createStatement()) {
                statement.execute("CREATE DATABASE " + NAME + " TEMPLATE template0");
            } catch (SQLException e) {
                throw TidemarkException.failed(
                        "cannot create the scratch database: " + TidemarkException.reason(e),
                        "Drill into a database of a server of your own, with --into.",
                        e);
            }
        }

        /**
         * No role of the source is there, and what each of them has rights to is left out. Its
         * extensions are those that it was built with.
         */
        @Override
        public RestoreOptions options(int jobs) {
            return new RestoreOptions(jobs, Set.of(), Set.of()).withOlderExtensions();
        }

        @Override
        public void close() {
            uninterrupted(
                    () -> {
                        try {
                            server.close();
                        } finally {
                            folder.close();
                        }
                    });
        }
    }

    /** A database of a server that somebody named. */
    record Given(ScratchDatabase scratch) implements DrillScratch {
        @Override
        public Database database() {
            return scratch.database();
        }

        @Override
        public RestoreOptions options(int jobs) {
            return RestoreOptions.of(jobs);
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void close() {
            uninterrupted(scratch::close);
        }
    }

    /** An interrupt is what asked for the end: it is kept for later. */
    private static void uninterrupted(Runnable work) {
        boolean isInterrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
