package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looks at the catalog and schema commands of others go on beside each other. */
final class LookIT {
    @TempDir private static Path directory;
    private static Sources sources;

    @BeforeAll
    static void start() {
        sources = new Sources(directory);
    }

    @AfterAll
    static void stop() {
        sources.close();
    }

    /**
     * As on a slow server, where a look waits for a command's table when that has long waited for
     * it.
     */
    @ParameterizedTest
    @EnumSource
    void aCommandThatALookWaitsForTellsItsSchemaAfterIt(Version version) throws Exception {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
        Sources.execute(source, "CREATE TABLE hen (id integer PRIMARY KEY)");
        try (LogMessages log = new LogMessages(source, names.publication());
                ExecutorService other = Executors.newSingleThreadExecutor();
                Connection look = source.connect();
                Statement statement = look.createStatement()) {
            look.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(tidemark.schema_lock())");
            Future<?> altered = other.submit(() -> alter(source));
            while (Sources.ask(
                            source,
                            "SELECT 1 FROM pg_locks WHERE relation = 'public.hen'::regclass"
                                    + " AND mode = 'AccessExclusiveLock' AND granted")
                    .isEmpty()) {
                assertThat(altered).as("the command waits").isNotDone();
                Thread.sleep(10);
            }

            statement.execute("SET lock_timeout = '2s'");
            assertThatThrownBy(
                            () -> statement.execute("LOCK TABLE public.hen IN ACCESS SHARE MODE"))
                    .hasMessageContaining("lock timeout");
            look.rollback();
            altered.get();

            assertThat(log.next())
                    .singleElement()
                    .satisfies(
                            message -> {
                                assertThat(message.prefix()).isEqualTo("tidemark.schema");
                                assertThat(message.content()).contains("eggs");
                            });
        }
    }

    private static Void alter(Database source) throws SQLException {
        Sources.execute(
                source, "SET deadlock_timeout = '50ms'", "ALTER TABLE hen ADD COLUMN eggs integer");
        return null;
    }
}
