package dev.tidemark.replay.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.script.UserScript;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a restore says of what ended it. */
final class ReasonsTest {
    private static final Reasons REASONS =
            new Reasons(
                    new Database(
                            Database.Role.TARGET,
                            DatabaseUrl.parse("postgresql://me@staging:5432/crm"),
                            Optional.empty()),
                    RestoreOptions.of(2));

    private static SQLException full() {
        return new SQLException(
                "ERROR: could not extend file \"base/16384/16390\": No space left on device\n  Hint: Check free disk space.",
                "53100");
    }

    /** Nothing is asked of it. */
    private static Connection session() {
        return (Connection)
                Proxy.newProxyInstance(
                        ReasonsTest.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            throw new AssertionError(method);
                        });
    }

    private static TidemarkException said(Sessions.Work work) {
        return said(REASONS, work);
    }

    private static TidemarkException said(Reasons reasons, Sessions.Work work) {
        return catchThrowableOfType(
                TidemarkException.class,
                () -> reasons.naming("the rows of public.deal", work).run(session()));
    }

    @Test
    void aFullDiskIsNamedWithWhatIsStillThereAndHowItGoesOn() {
        TidemarkException thrown =
                said(
                        session -> {
                            throw full();
                        });

        assertThat(thrown)
                .hasMessage(
                        "cannot restore into target postgresql://me@staging:5432/crm: the rows of public.deal:"
                                + " the disk of its server is full:"
                                + " could not extend file \"base/16384/16390\": No space left on device");
        assertThat(thrown.hint())
                .isEqualTo(
                        "What was restored so far is still there and takes room, marked as not complete. Make room on that"
                                + " disk, then go on with --resume, which keeps what is there; or drop the database to have"
                                + " its room back.");
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.FAILED);
    }

    @Test
    void soItIsWhereTheDriverHidesItInAnotherError() {
        assertThat(
                        said(
                                session -> {
                                    throw new IOException(full());
                                }))
                .hasMessageContaining(": the disk of its server is full: ");
    }

    @Test
    void anotherErrorIsToldAsTheServerToldIt() {
        TidemarkException thrown =
                said(
                        session -> {
                            throw new SQLException("ERROR: out of shared memory", "53200");
                        });

        assertThat(thrown)
                .hasMessage(
                        "cannot restore into target postgresql://me@staging:5432/crm: the rows of public.deal:"
                                + " out of shared memory");
        assertThat(thrown.hint())
                .isEqualTo(
                        "The database is not complete and marked so. Remove the cause, then go on with --resume, or restore"
                                + " again with --replace --confirm.");
    }

    @Test
    void whatNoRunGoesOnWithBeginsAnew() {
        RestoreOptions plain = RestoreOptions.of(2);
        List<RestoreOptions> once =
                List.of(
                        plain.withStart(RestoreOptions.Start.ONCE),
                        plain.withScripts(List.of(new UserScript("quiet.sql", List.of()))));
        for (RestoreOptions options : once) {
            for (SQLException error :
                    List.of(full(), new SQLException("ERROR: out of shared memory", "53200"))) {
                TidemarkException thrown =
                        said(
                                new Reasons(REASONS.target(), options),
                                session -> {
                                    throw error;
                                });

                assertThat(thrown.hint())
                        .isEqualTo(
                                "What is in the database is not complete and marked so. Remove the cause, then begin anew with"
                                        + " the same command; a restore needs --replace --confirm then.");
            }
        }
    }
}
