package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.S3Encryption;
import dev.tidemark.archive.store.S3ObjectLock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3ConfigurationTest extends WrittenConfiguration {
    @Test
    void aSegmentForS3IsAMinuteOld() {
        assertThat(read("archive: {url: s3://backups/crm}").segment().ageMax())
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void s3IsAskedToEncrypt() {
        assertThat(
                        read("""
                                        archive:
                                          url: s3://backups/crm
                                          s3: {server-side-encryption: "aws:kms", kms-key: alias/backups}
                                        """)
                                .neededArchive()
                                .s3()
                                .encryption())
                .hasValue(
                        new S3Encryption(
                                S3Encryption.Algorithm.AWS_KMS, Optional.of("alias/backups")));

        assertProblems(
                """
                archive:
                  url: s3://backups/crm
                  s3: {server-side-encryption: AES256, kms-key: alias/backups}
                """,
                """
                1 problem in FILE:
                  line 3: archive.s3.kms-key: only for archive.s3.server-side-encryption: aws:kms""");
        assertProblems(
                """
                archive:
                  url: s3://backups/crm
                  s3: {server-side-encryption: aes}
                """,
                """
                1 problem in FILE:
                  line 3: archive.s3.server-side-encryption: 'aes' is not AES256 or aws:kms""");
    }

    @Test
    void settingsOfS3AreForAnArchiveOnS3() {
        assertProblems(
                """
                archive:
                  url: /data/crm
                  s3: {region: eu-central-1}
                """,
                """
                1 problem in FILE:
                  line 3: archive.s3.region: only for an archive.url of s3://""");
    }

    @Test
    void whatIsWrittenToS3IsLocked() {
        assertThat(
                        read("""
                                        archive:
                                          url: s3://backups/crm
                                          s3: {object-lock: {mode: compliance, retain: 30d}}
                                        """)
                                .neededArchive()
                                .s3()
                                .objectLock())
                .hasValue(new S3ObjectLock(S3ObjectLock.Mode.COMPLIANCE, Duration.ofDays(30)));

        assertProblems(
                """
                archive:
                  url: s3://backups/crm
                  s3: {object-lock: {mode: legal}}
                """,
                """
                2 problems in FILE:
                  line 3: archive.s3.object-lock.mode: 'legal' is not governance or compliance
                  line 3: archive.s3.object-lock.mode: only with archive.s3.object-lock.retain""");
        assertProblems(
                """
                archive:
                  url: s3://backups/crm
                  s3: {object-lock: {retain: 30d}}
                """,
                """
                1 problem in FILE:
                  line 3: archive.s3.object-lock.retain: only with archive.s3.object-lock.mode""");
    }

    @Test
    void aFileSaysWhoVouchesForS3() {
        assertThat(
                        read("""
                                        archive:
                                          url: s3://backups/crm
                                          s3: {endpoint: "https://minio:9000", ca-file: tls/ca.pem}
                                        """)
                                .neededArchive()
                                .s3()
                                .caFile())
                .hasValue(directory.resolve("tls/ca.pem"));
        assertProblems(
                """
                archive:
                  url: s3://backups/crm
                  s3: {endpoint: "http://minio:9000", ca-file: tls/ca.pem}
                """,
                """
                1 problem in FILE:
                  line 3: archive.s3.ca-file: only for an endpoint of https://""");
    }
}
