package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.S3Settings;
import dev.tidemark.archiver.expire.Cycle;
import dev.tidemark.archiver.expire.Retention;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfigurationTest extends WrittenConfiguration {
    @Test
    void everyKeyIsRead() {
        Configuration read =
                read(
                        """
                        source:
                          name: crm
                          url: postgresql://tidemark@db:5433/crm
                          password-file: secrets/source
                          admin-url: postgresql://postgres@db/crm
                          admin-password-file: /run/secrets/admin
                          image-max-bytes: 3MiB
                        kafka:
                          bootstrap-servers: a:9092,b:9092
                          properties:
                            security.protocol: SASL_SSL
                            max.block.ms: 1000
                          encrypt-values: true
                        archive:
                          url: s3://backups/crm
                          s3: {endpoint: "http://minio:9000", region: eu-central-1, path-style: true}
                        encryption: {key-file: secrets/crm.key, previous-key-env: OLD_KEY, decrypted-max-bytes: 2GiB}
                        segment: {max-age: 500ms, max-bytes: 1GiB, memory: 500kB, idle-age: 2m}
                        capture: {heartbeat: 2s, catalog-interval: 5m, takeover-after: 1h, row-max-bytes: 96MiB, acknowledge: synchronous, wal-limit: 10GiB}
                        maintenance: {merge: false, base-interval: 1d, base-share: 50%, expire: true, window: "22:30-05:00", rate-limit: 20MiB}
                        drill: {every: 7d, into: "postgresql://me@staging/drill", jobs: 2, heap: 1GiB, hold: 30m}
                        retention: {restore-window: 30d, keep-bases: {daily: 14, weekly: 8, monthly: 12, yearly: 5}, history: 7y}
                        proof: {signing-key: keys/signing.pem, trusted-keys: "keys/signing.pem.pub, /etc/old.pub", signed-from: 42}
                        metrics: {listen: "127.0.0.1:9187"}
                        objectives: {rpo: 2m, rto: 1h}
                        profile: crm-profile.yaml
                        access: {reader: auditor}
                        timezone: Europe/Berlin
                        temporary-directory: spill
                        """);

        assertThat(read)
                .isEqualTo(
                        new Configuration(
                                Optional.of(
                                        new SourceSettings(
                                                "crm",
                                                DatabaseUrl.parse(
                                                        "postgresql://tidemark@db:5433/crm"),
                                                Optional.of(directory.resolve("secrets/source")),
                                                Optional.of(
                                                        DatabaseUrl.parse(
                                                                "postgresql://postgres@db/crm")),
                                                Optional.of(Path.of("/run/secrets/admin")),
                                                3 << 20)),
                                Optional.of(
                                        new KafkaSettings.Brokers(
                                                "a:9092,b:9092",
                                                Map.of(
                                                        "security.protocol",
                                                        "SASL_SSL",
                                                        "max.block.ms",
                                                        "1000"),
                                                true)),
                                Optional.of(
                                        new ArchiveSettings(
                                                "s3://backups/crm",
                                                new S3Settings(
                                                        Optional.of(
                                                                URI.create("http://minio:9000")),
                                                        Optional.of("eu-central-1"),
                                                        true))),
                                new EncryptionSettings(
                                        Optional.of(directory.resolve("secrets/crm.key")),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of("OLD_KEY"),
                                        2L << 30),
                                new SegmentSettings(
                                        Duration.ofMillis(500),
                                        1L << 30,
                                        500_000,
                                        Duration.ofMinutes(2)),
                                new CaptureSettings(
                                        Duration.ofSeconds(2),
                                        Duration.ofMinutes(5),
                                        Duration.ofHours(1),
                                        Optional.of(96L << 20),
                                        Acknowledgement.SYNCHRONOUS,
                                        Optional.of(10L << 30)),
                                new MaintenanceSettings(
                                        false,
                                        Optional.of(Duration.ofDays(1)),
                                        OptionalInt.of(50),
                                        true,
                                        Optional.of(
                                                new DailyWindow(
                                                        LocalTime.of(22, 30), LocalTime.of(5, 0))),
                                        OptionalLong.of(20L << 20)),
                                new DrillSettings(
                                        Optional.of(Duration.ofDays(7)),
                                        Optional.of(
                                                DatabaseUrl.parse("postgresql://me@staging/drill")),
                                        2,
                                        1L << 30,
                                        Duration.ofMinutes(30)),
                                new Retention(
                                        Optional.of(Duration.ofDays(30)),
                                        Map.of(
                                                Cycle.DAILY,
                                                14,
                                                Cycle.WEEKLY,
                                                8,
                                                Cycle.MONTHLY,
                                                12,
                                                Cycle.YEARLY,
                                                5),
                                        Optional.of(Duration.ofDays(7 * 366))),
                                new ProofSettings(
                                        Optional.of(directory.resolve("keys/signing.pem")),
                                        List.of(
                                                directory.resolve("keys/signing.pem.pub"),
                                                Path.of("/etc/old.pub")),
                                        42),
                                new MetricsSettings(
                                        Optional.of(new ListenAddress("127.0.0.1", 9187))),
                                new ObjectiveSettings(
                                        Optional.of(Duration.ofMinutes(2)),
                                        Optional.of(Duration.ofHours(1))),
                                Optional.of(
                                        new ProfileSettings(
                                                "crm-profile.yaml",
                                                directory.resolve("crm-profile.yaml"))),
                                Optional.of("auditor"),
                                Optional.of(ZoneId.of("Europe/Berlin")),
                                directory.resolve("spill")));
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        Configuration read = read("");

        assertThat(read)
                .isEqualTo(
                        new Configuration(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                new EncryptionSettings(Optional.empty(), Optional.empty()),
                                new SegmentSettings(
                                        Duration.ofSeconds(5),
                                        64L << 20,
                                        128L << 20,
                                        Duration.ofSeconds(60)),
                                new CaptureSettings(
                                        Duration.ofSeconds(1),
                                        Duration.ofMinutes(1),
                                        Duration.ofSeconds(15),
                                        Optional.empty(),
                                        Acknowledgement.ASYNCHRONOUS,
                                        Optional.empty()),
                                new MaintenanceSettings(
                                        true,
                                        Optional.empty(),
                                        OptionalInt.empty(),
                                        false,
                                        Optional.empty(),
                                        OptionalLong.empty()),
                                new DrillSettings(
                                        Optional.empty(),
                                        Optional.empty(),
                                        1,
                                        512L << 20,
                                        Duration.ofHours(2)),
                                new Retention(Optional.empty(), Map.of(), Optional.empty()),
                                new ProofSettings(Optional.empty(), List.of(), 0),
                                new MetricsSettings(Optional.empty()),
                                new ObjectiveSettings(Optional.empty(), Optional.empty()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Path.of(System.getProperty("java.io.tmpdir"))));
        assertThat(Configuration.defaults(directory)).isEqualTo(read);
    }

    @Test
    void allProblemsAreReportedAtOnceInTheFilesOrder() {
        assertProblems(
                """
                source:
                  nmae: crm
                  url: mysql://root@db/crm
                  password: secret
                kafka:
                  directory: kafka
                  bootstrap-servers: a:9092
                  properties: {bootstrap.servers: b:9092}
                archive: s3://backups/crm
                segment:
                  max-age: 5 parsecs
                  max-bytes: 64
                capture: {heartbeat: 6s}
                timezone: Mars/Olympus
                colour: blue
                """,
                """
                12 problems in FILE:
                  line 2: source.nmae: unknown key; did you mean source.name?
                  line 3: source.url: not a PostgreSQL URL: mysql://root@db/crm; expected a URL such as postgresql://user@host:5432/database
                  line 4: source.password: unknown key; did you mean source.password-file?
                  line 6: kafka.directory: only for kafka.bootstrap-servers: embedded
                  line 8: kafka.properties.bootstrap.servers: expected as kafka.bootstrap-servers
                  line 9: archive: a section; its keys go below it, indented
                  line 11: segment.max-age: '5 parsecs' is not a duration such as 500ms, 5s, 2m, 1h or 30d
                  line 12: segment.max-bytes: '64' is not a size such as 500kB, 64MiB or 1GiB
                  line 13: capture.takeover-after: expected at least three times capture.heartbeat
                  line 14: timezone: 'Mars/Olympus' is not a time zone such as Europe/Berlin, +02:00 or UTC
                  line 15: colour: unknown key
                  source.name: missing; expected a name: a lower-case letter, then up to 40 of a-z, 0-9 and -""");
    }

    @Test
    void aPolicyThatCannotBeMeantIsAProblem() {
        assertProblems(
                """
                maintenance: {base-interval: 2d, expire: true}
                retention:
                  restore-window: 30h
                  history: 24h
                  keep-bases: {daily: 0, monthly: some}
                """,
                """
                4 problems in FILE:
                  line 3: retention.restore-window: longer than retention.history, without which nothing can be restored; raise that
                  line 3: retention.restore-window: shorter than maintenance.base-interval, so that it would have no base at times; expected at least that
                  line 5: retention.keep-bases.daily: '0' is not a number from 1 to 9999
                  line 5: retention.keep-bases.monthly: 'some' is not a number from 1 to 9999""");
        assertProblems(
                "maintenance: {expire: true}\n",
                """
                1 problem in FILE:
                  line 1: maintenance.expire: nothing expires without a policy; set retention.history or retention.restore-window""");
    }

    @Test
    void whatACommandNeedsMustBeThere() {
        assertProblems(
                "timezone: UTC\n",
                """
                3 problems in FILE:
                  source.name: missing; expected a name: a lower-case letter, then up to 40 of a-z, 0-9 and -
                  source.url: missing; expected a URL such as postgresql://user@host:5432/database
                  archive.url: missing; expected a URL such as s3://bucket/prefix or file:///absolute/path""",
                Section.SOURCE,
                Section.ARCHIVE);
    }

    @Test
    void whatHasNoPlaceInTheFileIsAProblem() {
        assertProblems(
                """
                timezone:
                source:
                  name: [crm]
                timezone: UTC
                timezone: UTC
                """,
                """
                3 problems in FILE:
                  line 1: timezone: has no value
                  line 3: source.name: a list; expected one value
                  line 5: timezone: given twice""");
    }

    @Test
    void textThatIsNotYamlIsAProblem() {
        assertProblems(
                "timezone: UTC\nsource: {name: crm\n",
                """
                1 problem in FILE:
                  line 2: not YAML: while parsing a flow mapping, expected ',' or '}', but got <stream end>""");
    }

    @Test
    void aListIsNoConfiguration() {
        assertProblems(
                "- timezone\n",
                """
                1 problem in FILE:
                  line 1: expected keys and values, such as 'timezone: UTC'""");
    }

    @Test
    void anEmptyOrMissingValueIsNoText() {
        assertProblems(
                """
                source: {name: "", url: "x"}
                kafka: {bootstrap-servers: " "}
                archive: {url: s3://x}
                """,
                """
                4 problems in FILE:
                  line 1: source.name: '' is not a name: a lower-case letter, then up to 40 of a-z, 0-9 and -
                  line 1: source.url: not a PostgreSQL URL: x; expected a URL such as postgresql://user@host:5432/database
                  line 2: kafka.bootstrap-servers: ' ' is not a text
                  line 3: archive.url: not an archive URL: 's3://x': a bucket's name has 3 to 63 characters, and 'x' has 1; expected a URL such as s3://bucket/prefix or file:///absolute/path""");
    }

    @Test
    void aServerListensOnOnePortOfOneHost() {
        assertThat(read("metrics: {listen: \"[::1]:0\"}").metrics().listen())
                .hasValue(new ListenAddress("[::1]", 0));

        assertProblems(
                """
                metrics:
                  listen: 9187
                """,
                """
                1 problem in FILE:
                  line 2: metrics.listen: '9187' is not an address such as 127.0.0.1:9187 or [::1]:9187""");
        assertProblems(
                """
                metrics:
                  listen: 0.0.0.0:70000
                objectives: {rpo: soon}
                """,
                """
                2 problems in FILE:
                  line 2: metrics.listen: '0.0.0.0:70000' is not an address such as 127.0.0.1:9187 or [::1]:9187
                  line 3: objectives.rpo: 'soon' is not a duration such as 500ms, 5s, 2m, 1h or 30d""");
    }

    @Test
    void whatIsEncryptedNeedsAKey() {
        assertProblems(
                """
                kafka: {bootstrap-servers: "a:9092", encrypt-values: true}
                encryption: {previous-key-file: old.key, previous-key-env: OLD_KEY}
                """,
                """
                4 problems in FILE:
                  line 1: kafka.encrypt-values: there is no key to encrypt with; set encryption.key-file or encryption.key-env
                  line 2: encryption.previous-key-env: there is an encryption.previous-key-file already; expected one of both
                  line 2: encryption.previous-key-file: there is no key before one; set encryption.key-file or encryption.key-env
                  line 2: encryption.previous-key-env: there is no key before one; set encryption.key-file or encryption.key-env""");
    }

    @Test
    void aKeyIsInOnePlace() {
        assertProblems(
                """
                encryption:
                  key-file: crm.key
                  key-env: not a name
                """,
                """
                2 problems in FILE:
                  line 3: encryption.key-env: not a name of a variable of the environment such as TIDEMARK_KEY
                  line 3: encryption.key-env: there is an encryption.key-file already; expected one of both""");
    }
}
