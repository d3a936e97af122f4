package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Certificate;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source that takes sessions over TLS only, and clients that insist on its certificate: for SQL,
 * the base, the stream, and a restore.
 */
final class TlsIT {
    private static final String HOST_RULES =
            """
            hostssl all all 127.0.0.1/32 trust
            hostssl replication all 127.0.0.1/32 trust
            """;

    @TempDir private Path directory;

    @Test
    void allGoesOverTlsToTheServerWhoseCertificateIsKnown() throws Exception {
        Certificate own = Certificate.make(directory);
        Path known = Files.writeString(directory.resolve("root.pem"), own.certificate());
        Path other =
                Files.writeString(
                        directory.resolve("other.pem"), Certificate.make(directory).certificate());
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY)");
            insistOnTls(tidemark, own);
            String url = "127.0.0.1:%d/crm".formatted(tidemark.port());
            Path plain = tidemark.configuration("plain", url, url + "?sslmode=disable");
            String verified = "?sslmode=verify-full&sslrootcert=";
            Path fooled = tidemark.configuration("fooled", url, url + verified + other);
            tidemark.reconfigure(url, url + verified + known);

            Outcome unencrypted = tidemark.tidemark(plain, "check");
            Outcome unknown = tidemark.tidemark(fooled, "init");
            tidemark.reconfigure(
                    "127.0.0.1:%d/crm?ssl".formatted(tidemark.port()),
                    "localhost:%d/crm?ssl".formatted(tidemark.port()));
            Outcome misnamed = tidemark.process("init");
            tidemark.reconfigure(
                    "localhost:%d/crm?ssl".formatted(tidemark.port()),
                    "127.0.0.1:%d/crm?ssl".formatted(tidemark.port()));
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.execute("crm", "INSERT INTO public.deal SELECT generate_series(1, 100)");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            assertThat(unencrypted.out()).contains("no encryption");
            assertThat(misnamed.err())
                    .matches(
                            "error: cannot connect to the source postgresql://\\S+: The hostname localhost could not be verified by"
                                    + " hostnameverifier PgjdbcHostnameVerifier.\nHINT: Check sslmode and sslrootcert in the URL, .*\n");
            assertThat(unknown.code()).isEqualTo(4);
            assertThat(unknown.err())
                    .contains("other.pem: SSL error: (bad_certificate) PKIX path ")
                    .contains("HINT: Check sslmode and sslrootcert in the URL, ");
            assertThat(
                            tidemark.ask(
                                    "crm",
                                    "SELECT bool_and(ssl) AND count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                                            + " WHERE backend_type = 'walsender' OR client_addr IS NOT NULL"))
                    .isEqualTo("t");
            tidemark.execute("postgres", "CREATE DATABASE restored");
            tidemark.succeed(
                    "restore",
                    "--to",
                    truth.position().toString(),
                    "--into",
                    "postgresql://postgres@127.0.0.1:%d/restored%s%s"
                            .formatted(tidemark.port(), verified, known));
            assertThat(tidemark.rows("restored")).isEqualTo(truth.tables());
        }
    }

    /** By the server itself, so that the files are its user's. */
    private static void insistOnTls(Deployment tidemark, Certificate certificate)
            throws SQLException {
        String data = tidemark.ask("postgres", "SHOW data_directory");
        try (Connection session = tidemark.database("postgres").connect()) {
            write(session, certificate.certificate(), data + "/server.crt");
            write(session, certificate.key(), data + "/server.key");
            write(session, HOST_RULES, data + "/pg_hba.conf");
        }
        tidemark.execute(
                "postgres",
                "COPY (SELECT 1) TO PROGRAM 'chmod 600 %s/server.key; cat >/dev/null'"
                        .formatted(data));
        tidemark.execute("postgres", "ALTER SYSTEM SET ssl = on");
        tidemark.execute("postgres", "SELECT pg_reload_conf()");
        tidemark.awaitInSource("SELECT current_setting('ssl')::bool");
    }

    private static void write(Connection session, String content, String file) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("CREATE TEMP TABLE line (number serial, content text)");
            try (PreparedStatement insert =
                    session.prepareStatement(
                            "INSERT INTO line (content) SELECT string_to_table(?, E'\\n')")) {
                insert.setString(1, content.strip());
                insert.executeUpdate();
            }
            statement.execute(
                    "COPY (SELECT content FROM line ORDER BY number) TO '%s'".formatted(file));
            statement.execute("DROP TABLE line");
        }
    }
}
