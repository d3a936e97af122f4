package dev.tidemark.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source that takes connections and says nothing is an outage like any other. */
@Timeout(60)
class SilentSourceTest {
    @Test
    void aLookAtTheSlotOfASilentSourceFails() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url =
                    "postgresql://tidemark@%s:%d/crm?connectTimeout=1&sslmode=disable"
                            .formatted(
                                    server.getInetAddress().getHostAddress(),
                                    server.getLocalPort());
            SlotGuard guard =
                    new SlotGuard(
                            new Database(
                                    Database.Role.SOURCE, DatabaseUrl.parse(url), Optional.empty()),
                            "tidemark_crm");

            var error = catchThrowableOfType(TidemarkException.class, guard::look);

            assertThat(error).hasMessageStartingWith("cannot connect to the source " + url + ": ");
            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
            assertThat(error.hint())
                    .isEqualTo(
                            "Check host and port, and that the server is up and can be reached.");
        }
    }

    @Test
    void whatIsMissingForTlsIsNotLookedForInTheNetwork() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> agreeToTls(server));
            String url =
                    "postgresql://tidemark@%s:%d/crm?sslmode=verify-full&sslrootcert=/of/nobody.pem"
                            .formatted(
                                    server.getInetAddress().getHostAddress(),
                                    server.getLocalPort());
            Database source =
                    new Database(Database.Role.SOURCE, DatabaseUrl.parse(url), Optional.empty());

            var error = catchThrowableOfType(TidemarkException.class, source::connect);

            assertThat(error)
                    .hasMessage(
                            "cannot connect to the source %s: Could not open SSL root certificate file /of/nobody.pem."
                                    .formatted(source.url()));
            assertThat(error.hint())
                    .isEqualTo(
                            "Check sslmode and sslrootcert in the URL, that there is such a file, and that the server has"
                                    + " the certificate that it should: with verify-full it must be signed by one in that file,"
                                    + " and name this host.");
        }
    }

    private static void agreeToTls(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getInputStream().readNBytes(8); // the question for it
            client.getOutputStream().write('S');
            client.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
