package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Certificate;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The S3 service has to prove who it is. */
class S3TlsTest {
    private static final String HINT =
            "The service must have a certificate for the host of 'archive.s3.endpoint', signed by whoever"
                    + " 'archive.s3.ca-file' names, or by one whom this system trusts. With 'http://' nothing"
                    + " would be checked.";

    @TempDir private Path folder;

    private ObjectStore store(S3Server server, Optional<Path> caFile) {
        S3Settings settings =
                new S3Settings(
                        Optional.of(server.securedEndpoint()),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        caFile);
        return new S3ObjectStore(S3Server.BUCKET, "crm", settings, S3Server.CREDENTIALS);
    }

    private Path caFile(Certificate certificate) throws IOException {
        return Files.writeString(folder.resolve("ca.pem"), certificate.certificate());
    }

    @Test
    void aServiceThatTheFileVouchesForIsWrittenAndRead() throws Exception {
        Certificate certificate = Certificate.make(folder);
        try (S3Server server = S3Server.secured(certificate);
                ObjectStore store = store(server, Optional.of(caFile(certificate)))) {
            store.probe();
            store.putIfAbsent("data/a", bytes("content"));

            assertThat(store.get("data/a")).isEqualTo(bytes("content"));
        }
    }

    @Test
    void aServiceThatNobodyOfTheFileVouchesForIsRefused() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (S3Server server = S3Server.secured(Certificate.make(folder));
                ObjectStore store = store(server, Optional.of(caFile(Certificate.make(other))))) {
            assertNoTrust(store, "Signature does not match.");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        Certificate certificate = Certificate.make(folder, "dns:elsewhere");
        try (S3Server server = S3Server.secured(certificate);
                ObjectStore store = store(server, Optional.of(caFile(certificate)))) {
            assertNoTrust(
                    store, "No subject alternative names matching IP address 127.0.0.1 found");
        }
    }

    private static void assertNoTrust(ObjectStore store, String why) {
        assertThatThrownBy(() -> store.get("tidemark.json"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith(
                        "cannot get 'crm/tidemark.json' in bucket 'backups': no trust in the service: ")
                .hasMessageContaining(why)
                .extracting("kind", "hint")
                .containsExactly(Kind.FAILED, HINT);
    }

    @Test
    void aFileThatHoldsNoCertificateIsRefused() throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), Certificate.make(folder).key());

        assertThatThrownBy(() -> S3Trust.of(key)).satisfies(e -> assertNoCertificates(e, key));
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        assertThatThrownBy(() -> S3Trust.of(empty)).satisfies(e -> assertNoCertificates(e, empty));
        Path absent = folder.resolve("absent.pem");
        assertThatThrownBy(() -> S3Trust.of(absent))
                .satisfies(e -> assertNoCertificates(e, absent));
    }

    private static void assertNoCertificates(Throwable error, Path file) {
        assertThat(error)
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith(
                        "cannot read certificates from archive.s3.ca-file %s: ".formatted(file))
                .extracting("kind", "hint")
                .containsExactly(
                        Kind.REFUSED,
                        "It must be a file in PEM with the certificate of whoever signed the S3 service's: lines from"
                                + " 'BEGIN CERTIFICATE' to 'END CERTIFICATE'.");
    }
}
