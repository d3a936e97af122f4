package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Certificate;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that wants TLS and a password, with a certificate that a private authority signed, and
 * allows what is needed and no more; and a change log of which whoever reads the broker's disks or
 * the topic learns nothing.
 */
final class SecureKafkaIT {
    private static final TopicPartition LOG = new TopicPartition("tidemark.crm", 0);

    /** As docs/deploy.md has it, beside reading the group of that name. */
    private static final List<AclOperation> ON_TOPIC =
            List.of(
                    AclOperation.CREATE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.READ,
                    AclOperation.WRITE);

    private static final String PASSWORD = "not-to-be-seen-anywhere";
    private static final String WRONG = "not-it-and-not-to-be-seen";
    private static final String KNOWN = "Ada Lovelace of the test";

    @TempDir private Path directory;

    @Test
    void nothingIsReadOnTheWayWithoutKeyAndPassword() throws Exception {
        Certificate own = Certificate.make(directory);
        Path keys = Files.move(own.store(), directory.resolve("broker.p12"));
        Path trusted = trusting(own, "trusted.p12");
        Path others = trusting(Certificate.make(directory), "others.p12");
        int port = freePort();
        try (Deployment tidemark = deployment(keys, port)) {
            allow(tidemark, "tidemark");
            String plain = tidemark.kafka().bootstrapServers();
            Path properties = properties("kafka", PASSWORD, trusted);
            tidemark.reconfigure(
                    "bootstrap-servers: \"" + plain + "\"",
                    "bootstrap-servers: \"127.0.0.1:%d\"\n  properties-file: %s\n  encrypt-values: true"
                            .formatted(port, properties));
            tidemark.succeed("keygen", "--encryption", directory.resolve("crm.key").toString());
            tidemark.execute("crm", "CREATE TABLE public.contact (id int PRIMARY KEY, name text)");
            tidemark.succeed("init", "--key-kept-elsewhere");
            Process service = tidemark.service("run");
            tidemark.execute(
                    "crm",
                    "INSERT INTO public.contact SELECT n, '"
                            + KNOWN
                            + "' FROM generate_series(1, 100) n");
            Truth first = tidemark.truth();
            tidemark.awaitArchivedPast(first);

            assertThat(tidemark.succeed("check").out()).doesNotContain("kafka.encrypt-values");
            assertThat(tidemark.restored("first", "--to", first.position().toString()))
                    .isEqualTo(first.tables());
            refuses(
                    tidemark.configuration(
                            "user",
                            properties.toString(),
                            properties("user", WRONG, trusted).toString()),
                    tidemark,
                    "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
                    "HINT: Check sasl.mechanism, and the user and the password of sasl.jaas.config, in kafka.properties-file.");
            refuses(
                    tidemark.configuration(
                            "authority",
                            properties.toString(),
                            properties("authority", PASSWORD, others).toString()),
                    tidemark,
                    "Signature does not match",
                    "HINT: Nothing was sent to it. Check that ssl.truststore.location in kafka.properties-file holds who signed");
            exchangeTheKey(tidemark, service);
            assertShowsNothing(tidemark);
        }
    }

    /** What is in the log under the key of before needs that key, and is read with it. */
    private void exchangeTheKey(Deployment tidemark, Process service) throws Exception {
        service.destroy();
        assertThat(service.waitFor()).isNotNegative();
        Process capture = tidemark.service("capture");
        tidemark.execute("crm", "UPDATE public.contact SET name = name || ' of later'");
        Truth second = tidemark.truth();
        tidemark.awaitInSource(
                "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name LIKE 'tidemark%%'"
                        .formatted(second.position()));
        capture.destroy();
        assertThat(capture.waitFor()).isNotNegative();
        Path old = directory.resolve("crm.key");
        Path next = directory.resolve("next.key");
        tidemark.succeed("keygen", "--encryption", next.toString());
        tidemark.succeed("key", "rotate", "--to", next.toString(), "--key-kept-elsewhere");
        tidemark.reconfigure("key-file: " + old, "key-file: " + next);

        Outcome without = tidemark.tidemark("check");
        Outcome noGap = tidemark.tidemark("base", "--from-source", "--confirm");
        int number = started(tidemark, "archiver");
        tidemark.awaitLogged("archiver", number, "is encrypted with the key");
        tidemark.reconfigure(
                "key-file: " + next, "key-file: " + next + ", previous-key-file: " + old);
        Outcome with = tidemark.tidemark("check");
        tidemark.service("run");
        Truth third = tidemark.truth();
        tidemark.awaitArchivedPast(third);

        assertThat(without.code()).isEqualTo(1);
        assertThat(without.out())
                .containsPattern(
                        "ERROR: record \\d+ of the topic 'tidemark.crm' is encrypted with the key [0-9a-f]{12}, and the key at hand is [0-9a-f]{12}")
                .contains("encryption.previous-key-file");
        assertThat(noGap.code())
                .as("records that who has the key can read are no gap")
                .isEqualTo(3);
        assertThat(noGap.err())
                .contains("is encrypted with the key")
                .contains("encryption.previous-key-file");
        assertThat(with.code()).isZero();
        assertThat(tidemark.restored("second", "--to", second.position().toString()))
                .isEqualTo(second.tables());
    }

    private static void refuses(Path configuration, Deployment tidemark, String why, String hint) {
        Outcome outcome = tidemark.tidemark(configuration, "check");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("does not answer for topic 'tidemark.crm': ")
                .contains(why)
                .contains(hint);
        assertThat(outcome.out() + outcome.err()).doesNotContain(PASSWORD).doesNotContain(WRONG);
    }

    /** In the records, and in what the programs say. */
    private void assertShowsNothing(Deployment tidemark) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(LOG));
            consumer.seekToBeginning(List.of(LOG));
            long end = consumer.endOffsets(List.of(LOG)).values().iterator().next();
            while (consumer.position(LOG) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                record -> {
                                    assertThat(record.key()).isNull();
                                    records.add(record.value());
                                });
            }
        }
        assertThat(records).hasSizeGreaterThan(5);
        for (byte[] record : records) {
            assertThat(new String(record, UTF_8))
                    .doesNotContain(KNOWN)
                    .doesNotContain("Lovelace")
                    .doesNotContain("contact");
        }
        assertThat(tidemark.logs()).doesNotContain(PASSWORD).doesNotContain(KNOWN);
    }

    private static int started(Deployment tidemark, String command) throws IOException {
        tidemark.service(command);
        for (int number = 0; ; number++) {
            try {
                tidemark.log(command, number);
                return number;
            } catch (UncheckedIOException e) {
                // that number is another program's
            }
        }
    }

    private Deployment deployment(Path keys, int port) throws Exception {
        String listener = "listener.name.sasl_ssl.";
        Map<String, String> broker = new HashMap<>();
        broker.put("listeners", "SASL_SSL://127.0.0.1:" + port);
        broker.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        broker.put(
                listener + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        broker.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        broker.put("super.users", "User:ANONYMOUS"); // the broker itself, and the test
        broker.put(listener + "ssl.keystore.type", "PKCS12");
        broker.put(listener + "ssl.keystore.location", keys.toString());
        broker.put(listener + "ssl.keystore.password", Certificate.PASSWORD);
        Path archive = Files.createDirectories(directory.resolve("archive"));
        return Deployment.start(
                directory,
                PostgresBinaries.onClassPath(),
                Deployment.Storage.local(archive),
                "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}\nencryption: {key-file: %s}"
                        .formatted(directory.resolve("crm.key")),
                broker);
    }

    private static void allow(Deployment tidemark, String user) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()))) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            user,
                                            new ScramCredentialInfo(
                                                    ScramMechanism.SCRAM_SHA_512, 4_096),
                                            PASSWORD)))
                    .all()
                    .get();
            List<AclBinding> rights = new ArrayList<>();
            for (AclOperation operation : ON_TOPIC) {
                rights.add(right(user, ResourceType.TOPIC, operation));
            }
            rights.add(right(user, ResourceType.GROUP, AclOperation.READ));
            admin.createAcls(rights).all().get();
        }
    }

    private static AclBinding right(String user, ResourceType type, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, LOG.topic(), PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private Path properties(String name, String password, Path trusted) throws IOException {
        Path file =
                Files.createFile(
                        directory.resolve(name + ".properties"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(
                file,
                """
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="tidemark" password="%s";
                ssl.truststore.type=PKCS12
                ssl.truststore.location=%s
                ssl.truststore.password=%s
                """
                        .formatted(password, trusted, Certificate.PASSWORD));
    }

    private Path trusting(Certificate certificate, String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem =
                new ByteArrayInputStream(certificate.certificate().getBytes(UTF_8))) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, Certificate.PASSWORD.toCharArray());
        }
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
