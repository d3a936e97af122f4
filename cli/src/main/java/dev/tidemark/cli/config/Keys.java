package dev.tidemark.cli.config;

import dev.tidemark.archive.store.S3Encryption;
import dev.tidemark.archive.store.S3ObjectLock;
import dev.tidemark.archiver.expire.Cycle;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** Every key with its type, default and meaning: the only place that knows them. */
final class Keys {
    static final Key<String> SOURCE_NAME =
            Key.required(
                    "source.name",
                    ValueType.NAME,
                    "Names the source: its topic, replication slot and publication carry this name.");
    static final Key<DatabaseUrl> SOURCE_URL =
            Key.required(
                    "source.url",
                    ValueType.DATABASE_URL,
                    "The database that is captured, and the user that capture works as. Never holds a"
                            + " password.");
    static final Key<Path> SOURCE_PASSWORD_FILE =
            Key.derived(
                    "source.password-file",
                    ValueType.PATH,
                    "none",
                    "A file that holds the password of `source.url`. `TIDEMARK_SOURCE_PASSWORD` goes"
                            + " before it.");
    static final Key<DatabaseUrl> SOURCE_ADMIN_URL =
            Key.derived(
                    "source.admin-url",
                    ValueType.DATABASE_URL,
                    "`source.url`",
                    "The same database, as a user that may prepare it: `init` and `deinit` use it.");
    static final Key<Long> SOURCE_IMAGE_MAX_BYTES =
            Key.optional(
                    "source.image-max-bytes",
                    ValueType.SIZE,
                    "64MiB",
                    "When a command rewrites a table up to this size, its rows are written into the source's log;"
                            + " of a larger one capture takes a new base, and between the two they are not known. `tidemark init` tells the source;"
                            + " after a change run it again.");
    static final Key<SchemaChanges> SOURCE_SCHEMA_CHANGES =
            Key.optional(
                    "source.schema-changes",
                    ValueType.SCHEMA_CHANGES,
                    "triggers",
                    "How schema changes come to be known. `triggers`: event triggers tell each one in its own"
                            + " transaction; only a superuser may make them. `polling`: looks at the catalog find"
                            + " them, every `capture.catalog-interval`; moments between are refused. After a change"
                            + " run `tidemark init` again.");
    static final Key<Path> SOURCE_ADMIN_PASSWORD_FILE =
            Key.derived(
                    "source.admin-password-file",
                    ValueType.PATH,
                    "none",
                    "A file that holds the password of `source.admin-url`. `TIDEMARK_ADMIN_PASSWORD`"
                            + " goes before it.");

    static final Key<String> KAFKA_BOOTSTRAP_SERVERS =
            Key.required(
                    "kafka.bootstrap-servers",
                    ValueType.TEXT,
                    "The brokers, as `host:port,host:port`; or `embedded` for a broker that Tidemark runs"
                            + " itself.");
    static final Key<Path> KAFKA_DIRECTORY =
            Key.derived(
                    "kafka.directory",
                    ValueType.PATH,
                    "the archive's directory with `-kafka` added; `tidemark-kafka` for an archive on"
                            + " S3",
                    "Where the embedded broker keeps its data.");
    static final Key<Path> KAFKA_PROPERTIES_FILE =
            Key.derived(
                    "kafka.properties-file",
                    ValueType.PATH,
                    "none",
                    "A file with such settings, as Kafka's own tools take it by `--command-config`: the place for passwords."
                            + " What `kafka.properties` says goes before it.");
    static final Key<String> KAFKA_PROPERTIES =
            Key.derived(
                    "kafka.properties",
                    new ValueType<>("keys and values", "keys and values", text -> text),
                    "none",
                    "Any settings of Kafka's clients, such as `security.protocol: SASL_SSL`. Those that"
                            + " Tidemark's guarantees rest on (`acks` and the like) are not changed by"
                            + " it.");

    static final Key<Boolean> KAFKA_ENCRYPT_VALUES =
            Key.optional(
                    "kafka.encrypt-values",
                    ValueType.FLAG,
                    "false",
                    "Capture encrypts what it writes to the topic, with the key of `encryption`; sizes and times are all"
                            + " that can be seen there. Records of before stay as they are, and are read as before.");

    static final Key<String> ARCHIVE_URL =
            Key.required(
                    "archive.url",
                    ValueType.ARCHIVE_URL,
                    "Where the archive is: `s3://bucket/prefix`, `file:///absolute/path` or an absolute"
                            + " path.");
    static final Key<URI> ARCHIVE_S3_ENDPOINT =
            Key.derived(
                    "archive.s3.endpoint",
                    ValueType.ENDPOINT,
                    "AWS",
                    "A service that speaks S3 and is not AWS, as `https://host:port`. Credentials come"
                            + " from where the AWS tools take them.");
    static final Key<String> ARCHIVE_S3_REGION =
            Key.derived(
                    "archive.s3.region",
                    ValueType.REGION,
                    "as the AWS tools find it; `us-east-1` with an endpoint",
                    "The bucket's region.");
    static final Key<Boolean> ARCHIVE_S3_PATH_STYLE =
            Key.optional(
                    "archive.s3.path-style",
                    ValueType.FLAG,
                    "false",
                    "Put the bucket into the path instead of the host name. Most services that are not"
                            + " AWS need it.");

    static final Key<S3Encryption.Algorithm> ARCHIVE_S3_ENCRYPTION =
            Key.derived(
                    "archive.s3.server-side-encryption",
                    ValueType.S3_ENCRYPTION,
                    "as the bucket says",
                    "How S3 is asked to encrypt the objects that it stores, with a key that it has itself. `encryption`"
                            + " goes before anything leaves this machine; both can be set.");
    static final Key<String> ARCHIVE_S3_KMS_KEY =
            Key.derived(
                    "archive.s3.kms-key",
                    ValueType.TEXT,
                    "the service's own",
                    "For `archive.s3.server-side-encryption: aws:kms`, the id or ARN of the key.");

    static final Key<Path> ARCHIVE_S3_CA_FILE =
            Key.derived(
                    "archive.s3.ca-file",
                    ValueType.PATH,
                    "whom this system's Java trusts",
                    "For an `https` endpoint with a certificate of your own authority: a file in PEM with the"
                            + " certificates of those who may have signed it. Nobody else is trusted then.");
    static final Key<S3ObjectLock.Mode> ARCHIVE_S3_LOCK_MODE =
            Key.derived(
                    "archive.s3.object-lock.mode",
                    ValueType.S3_LOCK_MODE,
                    "as the bucket says",
                    "What is written to S3 is locked (Object Lock) for `archive.s3.object-lock.retain`. `governance`: whoever"
                            + " has a right of its own for that may end it early; `compliance`: nobody. See"
                            + " docs/retention.md.");
    static final Key<Duration> ARCHIVE_S3_LOCK_RETAIN =
            Key.derived(
                    "archive.s3.object-lock.retain",
                    ValueType.PERIOD,
                    "as the bucket says",
                    "For how long, from when it is written. What expires or is merged earlier costs until then.");

    static final Key<Path> ENCRYPTION_KEY_FILE =
            Key.derived(
                    "encryption.key-file",
                    ValueType.PATH,
                    "none: a new archive is not encrypted",
                    "A file with the key that an archive is encrypted with, as `tidemark keygen --encryption` makes it;"
                            + " only its owner may read it. Whether an archive is encrypted is decided by `tidemark init`.");
    static final Key<String> ENCRYPTION_KEY_ENV =
            Key.derived(
                    "encryption.key-env",
                    ValueType.VARIABLE,
                    "none",
                    "Instead of the file: the name of the variable of the environment that holds the content of"
                            + " such a file.");

    static final Key<Path> ENCRYPTION_PREVIOUS_KEY_FILE =
            Key.derived(
                    "encryption.previous-key-file",
                    ValueType.PATH,
                    "none",
                    "While a key is exchanged: a file with the one before, for records of the change log that are"
                            + " encrypted with it and not archived yet. It opens the archive too as long as that needs it.");
    static final Key<String> ENCRYPTION_PREVIOUS_KEY_ENV =
            Key.derived(
                    "encryption.previous-key-env",
                    ValueType.VARIABLE,
                    "none",
                    "Instead of that file: the name of the variable of the environment that holds its content.");

    static final Key<Long> ENCRYPTION_DECRYPTED_MAX_BYTES =
            Key.optional(
                    "encryption.decrypted-max-bytes",
                    ValueType.SIZE,
                    "16GiB",
                    "How much of an encrypted archive a command or service may have in clear in `temporary-directory` at a"
                            + " time; while a file is decrypted it counts twice. What needs more is refused.");

    static final Key<Duration> SEGMENT_MAX_AGE =
            Key.derived(
                    "segment.max-age",
                    ValueType.DURATION,
                    "`5s`; `60s` for an archive on S3",
                    "A segment is published when it is this old. What is not published yet is safe in"
                            + " Kafka.");
    static final Key<Long> SEGMENT_MAX_BYTES =
            Key.optional(
                    "segment.max-bytes",
                    ValueType.SIZE,
                    "64MiB",
                    "A segment is published when it is this large, even if it is young.");
    static final Key<Long> SEGMENT_MEMORY =
            Key.optional(
                    "segment.memory",
                    ValueType.SIZE,
                    "128MiB",
                    "How much of a segment is kept in memory before it spills to"
                            + " `temporary-directory`.");
    static final Key<Duration> SEGMENT_IDLE_AGE =
            Key.optional(
                    "segment.idle-age",
                    ValueType.DURATION,
                    "60s",
                    "While nothing changes, the position is published this often, so that the window"
                            + " moves on.");

    static final Key<Duration> CAPTURE_HEARTBEAT =
            Key.optional(
                    "capture.heartbeat",
                    ValueType.DURATION,
                    "1s",
                    "While nothing changes, capture writes a heartbeat to the log this often.");
    static final Key<Duration> CAPTURE_CATALOG_INTERVAL =
            Key.derived(
                    "capture.catalog-interval",
                    ValueType.DURATION,
                    "`60s`; `10s` with `source.schema-changes: polling`",
                    "The source looks at its whole catalog this often, and tells of what no event trigger told.");
    static final Key<Duration> CAPTURE_TAKEOVER_AFTER =
            Key.optional(
                    "capture.takeover-after",
                    ValueType.DURATION,
                    "15s",
                    "A capture on standby takes over when the log has been silent this long.");

    static final Key<Acknowledgement> CAPTURE_ACKNOWLEDGE =
            Key.optional(
                    "capture.acknowledge",
                    ValueType.ACKNOWLEDGEMENT,
                    "asynchronous",
                    "`synchronous`: a COMMIT in the source returns only when Kafka has it, so that no acknowledged commit"
                            + " can be lost; when capture or Kafka is down, commits wait. `tidemark init --synchronous` tells"
                            + " the source, once capture runs.");

    static final Key<Long> CAPTURE_WAL_LIMIT =
            Key.derived(
                    "capture.wal-limit",
                    ValueType.SIZE,
                    "none: nothing is dropped to save disk",
                    "When the source keeps more of its log than this because capture or Kafka is down, capture gives the"
                            + " slot up: what was not captured is lost, and `tidemark base --from-source` records the gap.");

    static final Key<Long> CAPTURE_ROW_MAX_BYTES =
            Key.derived(
                    "capture.row-max-bytes",
                    ValueType.SIZE,
                    "3/5 of the heap",
                    "Capture stops at a change of a row with more text than this, the row before included where"
                            + " the source sends it; it names table, key and column, and goes on from there when this is raised.");

    static final Key<Boolean> MAINTENANCE_MERGE =
            Key.optional(
                    "maintenance.merge",
                    ValueType.FLAG,
                    "true",
                    "The archiver merges segments when there are many of the hour, and those of an hour, a day,"
                            + " a month that is over. With false only `tidemark merge` does.");

    static final Key<Duration> MAINTENANCE_BASE_INTERVAL =
            Key.derived(
                    "maintenance.base-interval",
                    ValueType.DURATION,
                    "none",
                    "The archiver makes a new base from the archive when the newest one is this old, so that restores"
                            + " read no more changes than that.");
    static final Key<Integer> MAINTENANCE_BASE_SHARE =
            Key.derived(
                    "maintenance.base-share",
                    ValueType.PERCENT,
                    "none",
                    "The same, when there were so many changes since the newest base, as a part of its rows.");
    static final Key<Boolean> MAINTENANCE_EXPIRE =
            Key.optional(
                    "maintenance.expire",
                    ValueType.FLAG,
                    "false",
                    "The archiver lets go what `retention` lets go. With false only `tidemark expire --confirm`"
                            + " does.");
    static final Key<DailyWindow> MAINTENANCE_WINDOW =
            Key.derived(
                    "maintenance.window",
                    ValueType.DAILY_WINDOW,
                    "always",
                    "When the archiver may begin to merge, to make a base or to let something expire, by `timezone` (UTC without one).");
    static final Key<Long> MAINTENANCE_RATE_LIMIT =
            Key.derived(
                    "maintenance.rate-limit",
                    ValueType.SIZE,
                    "none",
                    "How much of the archive is read and written in a second for that, at most, and by `tidemark"
                            + " merge`, `base` and `expire`. A deletion counts as 64 KiB.");

    static final Key<Duration> DRILL_EVERY =
            Key.derived(
                    "drill.every",
                    ValueType.DURATION,
                    "none: only `tidemark drill` does",
                    "The archiver proves so often, such as `7d`, that restores work, in a process of its own: it restores what the source"
                            + " has now and compares, where the source is up and captured, then a moment by chance. It begins in"
                            + " `maintenance.window`. See docs/runbook.md.");
    static final Key<DatabaseUrl> DRILL_INTO =
            Key.derived(
                    "drill.into",
                    ValueType.DATABASE_URL,
                    "an embedded server in `temporary-directory`",
                    "The scratch database of that: one that does not exist. It is made and dropped. The password comes from"
                            + " `TIDEMARK_TARGET_PASSWORD` or `~/.pgpass`.");
    static final Key<Integer> DRILL_JOBS =
            Key.optional(
                    "drill.jobs", ValueType.COUNT, "1", "Tables that it loads at the same time.");
    static final Key<Long> DRILL_HEAP =
            Key.optional(
                    "drill.heap",
                    ValueType.SIZE,
                    "512MiB",
                    "The heap of its process, beside that of the service. An embedded server takes some 200 MiB more.");
    static final Key<Duration> DRILL_HOLD =
            Key.optional(
                    "drill.hold",
                    ValueType.DURATION,
                    "2h",
                    "How long a drill, by hand too, may hold a snapshot of the source, which keeps its log and its dead rows"
                            + " as long. One that needs longer breaks off.");

    static final Key<Duration> RETENTION_RESTORE_WINDOW =
            Key.derived(
                    "retention.restore-window",
                    ValueType.PERIOD,
                    "none",
                    "All bases so far back are kept, so that restores to there are fast. Of older bases those of"
                            + " `keep-bases` stay, and the one that the history begins with. Without this and"
                            + " `keep-bases` all bases stay as long as the history.");
    static final Key<Integer> RETENTION_DAILY = keepBases(Cycle.DAILY, "day");
    static final Key<Integer> RETENTION_WEEKLY = keepBases(Cycle.WEEKLY, "week");
    static final Key<Integer> RETENTION_MONTHLY = keepBases(Cycle.MONTHLY, "month");
    static final Key<Integer> RETENTION_YEARLY = keepBases(Cycle.YEARLY, "year");
    static final Key<Duration> RETENTION_HISTORY =
            Key.derived(
                    "retention.history",
                    ValueType.PERIOD,
                    "for ever",
                    "Every change so far back is kept, with the base before it: each moment can be restored, and"
                            + " every question answered. What is older goes, but for marks, holds and `keep-bases`."
                            + " A year has 366 days here.");

    private static Key<Integer> keepBases(Cycle cycle, String period) {
        return Key.derived(
                "retention.keep-bases." + cycle.word(),
                ValueType.COUNT,
                "none",
                "The last base of each %s is kept, of so many that have one, back from the newest (UTC)."
                        .formatted(period));
    }

    static final Key<Path> PROOF_SIGNING_KEY =
            Key.derived(
                    "proof.signing-key",
                    ValueType.PATH,
                    "none: what is published is not signed",
                    "The private key that everything is signed with which is published in the archive, for all who write it."
                            + " `tidemark keygen --signing FILE` makes it. Once an archive is signed, nothing is published"
                            + " unsigned. See docs/proof.md.");
    static final Key<List<Path>> PROOF_TRUSTED_KEYS =
            Key.derived(
                    "proof.trusted-keys",
                    ValueType.PATHS,
                    "none: signatures are not looked at",
                    "The public keys of all who write the archive or wrote it once, as files with commas between them:"
                            + " `tidemark verify` demands a signature by one of them.");
    static final Key<Long> PROOF_SIGNED_FROM =
            Key.optional(
                    "proof.signed-from",
                    ValueType.NUMBER,
                    "0",
                    "The number of the first manifest that has to be signed, in an archive that is older than its key.");

    static final Key<ListenAddress> METRICS_LISTEN =
            Key.derived(
                    "metrics.listen",
                    ValueType.LISTEN_ADDRESS,
                    "none: they answer nobody",
                    "Where the services answer `/metrics`, `/health/live` and `/health/ready` over HTTP, as"
                            + " `host:port`, to whoever can reach it. With port 0 a free one is taken, and logged."
                            + " See docs/metrics.md.");
    static final Key<Duration> OBJECTIVES_RPO =
            Key.derived(
                    "objectives.rpo",
                    ValueType.DURATION,
                    "none",
                    "How much work may be lost at most, as the time since the last commit in the archive:"
                            + " the metrics say whether it holds. While nothing changes that time goes up to"
                            + " `segment.idle-age`, so it should be longer.");
    static final Key<Duration> OBJECTIVES_RTO =
            Key.derived(
                    "objectives.rto",
                    ValueType.DURATION,
                    "none",
                    "How long a restore may take: compared with the last whole restore by `info` and the metrics.");

    static final Key<Path> PROFILE =
            Key.derived(
                    "profile",
                    ValueType.PATH,
                    "none: what common names of columns say",
                    "What the application knows of its tables and its schema does not say, such as who changed a row and what"
                            + " counts as deleted: a file as profile.md describes it, or the name of a ready one (`espocrm`,"
                            + " `odoo`, `suitecrm`, `twenty`). `tidemark profile --suggest` proposes one.");
    static final Key<String> ACCESS_READER =
            Key.derived(
                    "access.reader",
                    ValueType.NAME,
                    "none: what is asked is not logged",
                    "Who reads the archive with this configuration: each command that opens it to answer or to bring rows out is noted"
                            + " in its `access/<reader>/` first, and refused when it cannot be. `tidemark access` lists that. See docs/access.md.");

    static final Key<ZoneId> TIMEZONE =
            Key.derived(
                    "timezone",
                    ValueType.ZONE,
                    "none: such a moment is refused",
                    "The zone of moments that are given without an offset.");
    static final Key<Path> TEMPORARY_DIRECTORY =
            Key.derived(
                    "temporary-directory",
                    ValueType.PATH,
                    "the system's",
                    "Where data goes that does not fit the memory.");

    /** In the reference's order. */
    static final List<Key<?>> ALL =
            List.of(
                    SOURCE_NAME,
                    SOURCE_URL,
                    SOURCE_PASSWORD_FILE,
                    SOURCE_ADMIN_URL,
                    SOURCE_ADMIN_PASSWORD_FILE,
                    SOURCE_IMAGE_MAX_BYTES,
                    SOURCE_SCHEMA_CHANGES,
                    KAFKA_BOOTSTRAP_SERVERS,
                    KAFKA_DIRECTORY,
                    KAFKA_PROPERTIES,
                    KAFKA_PROPERTIES_FILE,
                    KAFKA_ENCRYPT_VALUES,
                    ARCHIVE_URL,
                    ARCHIVE_S3_ENDPOINT,
                    ARCHIVE_S3_REGION,
                    ARCHIVE_S3_PATH_STYLE,
                    ARCHIVE_S3_ENCRYPTION,
                    ARCHIVE_S3_KMS_KEY,
                    ARCHIVE_S3_CA_FILE,
                    ARCHIVE_S3_LOCK_MODE,
                    ARCHIVE_S3_LOCK_RETAIN,
                    ENCRYPTION_KEY_FILE,
                    ENCRYPTION_KEY_ENV,
                    ENCRYPTION_PREVIOUS_KEY_FILE,
                    ENCRYPTION_PREVIOUS_KEY_ENV,
                    ENCRYPTION_DECRYPTED_MAX_BYTES,
                    SEGMENT_MAX_AGE,
                    SEGMENT_MAX_BYTES,
                    SEGMENT_MEMORY,
                    SEGMENT_IDLE_AGE,
                    CAPTURE_HEARTBEAT,
                    CAPTURE_CATALOG_INTERVAL,
                    CAPTURE_TAKEOVER_AFTER,
                    CAPTURE_ACKNOWLEDGE,
                    CAPTURE_WAL_LIMIT,
                    CAPTURE_ROW_MAX_BYTES,
                    MAINTENANCE_MERGE,
                    MAINTENANCE_BASE_INTERVAL,
                    MAINTENANCE_BASE_SHARE,
                    MAINTENANCE_EXPIRE,
                    MAINTENANCE_WINDOW,
                    MAINTENANCE_RATE_LIMIT,
                    DRILL_EVERY,
                    DRILL_INTO,
                    DRILL_JOBS,
                    DRILL_HEAP,
                    DRILL_HOLD,
                    RETENTION_RESTORE_WINDOW,
                    RETENTION_DAILY,
                    RETENTION_WEEKLY,
                    RETENTION_MONTHLY,
                    RETENTION_YEARLY,
                    RETENTION_HISTORY,
                    PROOF_SIGNING_KEY,
                    PROOF_TRUSTED_KEYS,
                    PROOF_SIGNED_FROM,
                    METRICS_LISTEN,
                    OBJECTIVES_RPO,
                    OBJECTIVES_RTO,
                    PROFILE,
                    ACCESS_READER,
                    TIMEZONE,
                    TEMPORARY_DIRECTORY);

    private Keys() {}
}
