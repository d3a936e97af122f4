package dev.tidemark.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {
    private static final DatabaseUrl URL = DatabaseUrl.parse("postgresql://tidemark@db/crm");
    private static final DatabaseUrl ADMIN = DatabaseUrl.parse("postgresql://postgres@db/crm");

    @TempDir private Path directory;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void theEnvironmentGoesBeforeTheFile() throws Exception {
        Path file = file("from-file\n", "rw-------");

        Database source =
                databases(Map.of("TIDEMARK_SOURCE_PASSWORD", "from-environment"))
                        .source(settings(file));

        assertThat(source)
                .isEqualTo(
                        new Database(Database.Role.SOURCE, URL, Optional.of("from-environment")));
    }

    @Test
    void aRefusedLoginNamesWhereThePasswordOfThatRoleComesFrom() throws Exception {
        SourceSettings settings =
                new SourceSettings(
                        "crm", URL, Optional.empty(), Optional.of(ADMIN), Optional.empty(), 1);

        assertThat(hintOfARefusedLogin(databases(Map.of()).source(settings)))
                .isEqualTo(
                        "Check the user, its password (TIDEMARK_SOURCE_PASSWORD, source.password-file or ~/.pgpass) and the"
                                + " server's pg_hba.conf. If the role does not exist yet: 'tidemark init' makes it, as the user of source.admin-url.");
        assertThat(hintOfARefusedLogin(databases(Map.of()).admin(settings)))
                .isEqualTo(
                        "Check the user, its password (TIDEMARK_ADMIN_PASSWORD, source.admin-password-file or ~/.pgpass) and"
                                + " the server's pg_hba.conf.");
        assertThat(hintOfARefusedLogin(databases(Map.of()).target(URL)))
                .isEqualTo(
                        "Check the user, its password (TIDEMARK_TARGET_PASSWORD or ~/.pgpass) and the server's pg_hba.conf.");
    }

    /** What a user is told when a server, here a play of one, does not take the password. */
    private static String hintOfARefusedLogin(Database database) throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var refusing = new FutureTask<Void>(() -> refuseALogin(server), null);
            Thread.ofPlatform().daemon().start(refusing);
            var url =
                    DatabaseUrl.parse(
                            "postgresql://tidemark@127.0.0.1:%d/crm?sslmode=disable"
                                    .formatted(server.getLocalPort()));
            var error =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> new Database(database.role(), url, Optional.empty()).connect());
            refusing.get();
            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            return error.hint();
        }
    }

    /** The server's side of a login with a wrong password: ErrorResponse, and the end. */
    private static void refuseALogin(ServerSocket server) {
        byte[] fields = "SFATAL\0C28P01\0Mpassword authentication failed\0\0".getBytes(UTF_8);
        try (Socket session = server.accept();
                var in = new DataInputStream(session.getInputStream());
                var out = new DataOutputStream(session.getOutputStream())) {
            in.skipNBytes(in.readInt() - Integer.BYTES);
            out.writeByte('E');
            out.writeInt(Integer.BYTES + fields.length);
            out.write(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void oneLineEndIsNoPartOfThePassword() throws Exception {
        Path file = file(" two words \n\r\n", "rw-------");

        Database source = databases(Map.of()).source(settings(file));

        assertThat(source.password()).contains(" two words \n");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatOthersCanReadIsWarnedOf() throws Exception {
        Path file = file("secret", "rw-r--r--");

        databases(Map.of()).source(settings(file));

        assertThat(warnings)
                .containsExactly(
                        "every user of this machine can read the password file "
                                + file
                                + ": run 'chmod 600' on it");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("none");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class, () -> databases(Map.of()).source(settings(file)));

        assertThat(error)
                .hasMessage(
                        "cannot read the password file " + file + ": no such file or directory");
        assertThat(error.hint())
                .isEqualTo("Check that it exists, is text in UTF-8, and that you may read it.");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        Path file = file("\n", "rw-------");

        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class, () -> databases(Map.of()).source(settings(file)));

        assertThat(error).hasMessage("the password file " + file + " is empty");
    }

    @Test
    void eachRoleHasItsOwnPassword() {
        var databases =
                databases(
                        Map.of(
                                "TIDEMARK_SOURCE_PASSWORD", "s",
                                "TIDEMARK_ADMIN_PASSWORD", "a",
                                "TIDEMARK_TARGET_PASSWORD", "t"));
        var settings =
                new SourceSettings(
                        "crm", URL, Optional.empty(), Optional.of(ADMIN), Optional.empty(), 1);

        assertThat(databases.source(settings).password()).contains("s");
        assertThat(databases.admin(settings))
                .isEqualTo(new Database(Database.Role.ADMIN, ADMIN, Optional.of("a")));
        assertThat(databases.target(URL).password()).contains("t");
    }

    @Test
    void withoutAnAdminUrlTheSourcesUserPrepares() {
        var settings =
                new SourceSettings(
                        "crm", URL, Optional.empty(), Optional.empty(), Optional.empty(), 1);

        assertThat(databases(Map.of()).admin(settings))
                .isEqualTo(new Database(Database.Role.SOURCE, URL, Optional.empty()));
    }

    @Test
    void noTextHoldsAPassword() {
        var databases = databases(Map.of("TIDEMARK_TARGET_PASSWORD", "secret"));

        assertThat(databases.toString() + databases.target(URL)).doesNotContain("secret");
    }

    private Databases databases(Map<String, String> environment) {
        return new Databases(environment, warnings::add);
    }

    private static SourceSettings settings(Path passwordFile) {
        return new SourceSettings(
                "crm", URL, Optional.of(passwordFile), Optional.empty(), Optional.empty(), 1);
    }

    private Path file(String content, String permissions) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
