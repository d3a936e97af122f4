package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.S3Gate.Pass;
import dev.tidemark.archive.store.S3Gate.Refusal;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;

/** Temporary credentials that are renewed while the store works, and clocks that are wrong. */
final class S3CredentialsTest {
    /** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
    private static final Duration SKEW_MAX = Duration.ofMinutes(15);

    private static final Refusal TOO_SKEWED = new Refusal(403, "RequestTimeTooSkewed");

    /** The SDK looks at the file once a second. */
    private static final Duration RENEWAL_MAX = Duration.ofSeconds(30);

    @TempDir Path folder;
    private S3Server server;
    private S3Gate gate;

    @BeforeEach
    void startServer() throws Exception {
        server = S3Server.start();
        gate = S3Gate.before(server);
    }

    @AfterEach
    void stopServer() throws Exception {
        System.clearProperty("aws.sharedCredentialsFile");
        System.clearProperty("aws.configFile");
        gate.close();
        server.close();
    }

    @Test
    void aTokenThatIsRenewedInTheProfilesFileIsTakenWithoutANewStart() throws Exception {
        writeProfile("first");
        knowOnly("first");
        try (ObjectStore store = withDefaultCredentials()) {
            assertThat(store.putIfAbsent("a", bytes("a"))).isTrue();
            knowOnly("second");
            assertExpired(store);

            writeProfile("second");

            assertThat(putOnceRenewed(store, "b")).isTrue();
            assertThat(store.list("", "", 9)).containsExactly("a", "b");
        }
    }

    @Test
    void aNewStoreTakesTheTokenThatIsThereThen() throws Exception {
        writeProfile("first");
        knowOnly("second");
        try (ObjectStore store = withDefaultCredentials()) {
            assertExpired(store);
        }

        writeProfile("second");

        try (ObjectStore store = withDefaultCredentials()) {
            assertThat(store.putIfAbsent("a", bytes("a"))).isTrue();
        }
    }

    @Test
    void credentialsThatAreMissingForAMomentAreNoReasonToGiveUp() throws Exception {
        Path absent = folder.resolve("credentials");
        System.setProperty("aws.sharedCredentialsFile", absent.toString());
        System.setProperty("aws.configFile", folder.resolve("config").toString());
        var none = ProfileCredentialsProvider.create("tidemark");
        try (var store = new S3ObjectStore("backups", "crm", gate.settings(), none)) {
            assertThatThrownBy(() -> store.putIfAbsent("a", bytes("a")))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage("no S3 credentials found")
                    .extracting("kind")
                    .isEqualTo(Kind.FAILED);
        }
    }

    @Test
    void aClockThatIsWrongIsCorrected() throws Exception {
        serverIsAheadBy(Duration.ofHours(1));
        try (ObjectStore store = gate.store("crm")) {
            assertThat(store.putIfAbsent("a", bytes("a"))).isTrue();
            assertThat(gate.takeRequests()).isEqualTo(2);

            assertThat(store.get("a")).isEqualTo(bytes("a"));
            assertThat(gate.takeRequests()).as("the difference is known by now").isEqualTo(1);
        }
    }

    @Test
    void aClockThatStepsIsCorrectedAgain() throws Exception {
        try (ObjectStore store = gate.store("crm")) {
            for (int hours : new int[] {0, 2, -3, 0}) {
                serverIsAheadBy(Duration.ofHours(hours));

                assertThat(store.putIfAbsent("at" + hours, bytes("a"))).isEqualTo(true);
                store.delete("at" + hours);
            }
        }
    }

    @Test
    void aClockIsCorrectedAlsoWhenTheFirstRequestIsALook() throws Exception {
        server.store("crm").putIfAbsent("a", bytes("a"));
        serverIsAheadBy(Duration.ofHours(-1));
        try (ObjectStore store = gate.store("crm")) {
            assertThat(store.size("a")).isEqualTo(1);
        }
    }

    @Test
    void aClockThatCannotBeCorrectedIsTold() throws Exception {
        gate.refuse(TOO_SKEWED);
        try (ObjectStore store = gate.store("crm")) {
            assertThatThrownBy(() -> store.putIfAbsent("a", bytes("a")))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage(
                            "cannot put 'crm/a' in bucket 'backups': RequestTimeTooSkewed (HTTP"
                                    + " status 403)")
                    .extracting("kind", "hint")
                    .containsExactly(Kind.FAILED, "Set this machine's clock, with NTP.");
            assertThat(gate.takeRequests()).isEqualTo(5);
        }
    }

    private static void assertExpired(ObjectStore store) {
        assertThatThrownBy(() -> store.putIfAbsent("b", bytes("b")))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "cannot put 'crm/b' in bucket 'backups': ExpiredToken (HTTP status 400)");
    }

    private static boolean putOnceRenewed(ObjectStore store, String name) throws IOException {
        long deadline = System.nanoTime() + RENEWAL_MAX.toNanos();
        while (true) {
            try {
                return store.putIfAbsent(name, bytes(name));
            } catch (TidemarkException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    /** As the AWS tools would find them. */
    private ObjectStore withDefaultCredentials() {
        System.setProperty("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
        System.setProperty("aws.configFile", folder.resolve("config").toString());
        return new S3ObjectStore(S3Server.BUCKET, "crm", gate.settings());
    }

    private void writeProfile(String token) throws IOException {
        Files.writeString(
                folder.resolve("credentials"),
                """
                [default]
                aws_access_key_id = tidemark
                aws_secret_access_key = secret
                aws_session_token = %s
                """
                        .formatted(token));
    }

    private void knowOnly(String token) {
        gate.answer(
                request ->
                        request.token().equals(Optional.of(token))
                                ? new Pass()
                                : S3Gate.EXPIRED_TOKEN);
    }

    private void serverIsAheadBy(Duration difference) {
        Clock clock = Clock.offset(Clock.systemUTC(), difference);
        gate.clock(clock);
        gate.answer(
                request -> {
                    Instant signed = request.signed();
                    Duration skew = Duration.between(signed, clock.instant()).abs();
                    return skew.compareTo(SKEW_MAX) > 0 ? TOO_SKEWED : new Pass();
                });
    }
}
