package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.ByteSize;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.TimeSpan;
import dev.tidemark.replay.history.Claims;
import dev.tidemark.replay.query.ArchiveSql;
import dev.tidemark.replay.query.Limits;
import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What SQL is about, and what it may take. */
final class QueryOptions {
    private static final int SECONDS_PER_HOUR = 3600;
    private static final long MEMORY_MIN = 32L << 20; // with less DuckDB reads no file
    private static final int LIMIT_MAX =
            1_000_000; // rows are kept in memory until they are printed

    @Option(
            names = "--as-of",
            paramLabel = "MOMENT",
            description = "The moment of the tables, which is included; latest when not given.",
            defaultValue = "latest")
    String asOf = "";

    @Option(
            names = "--since",
            paramLabel = "MOMENT",
            description =
                    "History and transactions from here on; all that the archive holds when not given.")
    Optional<String> since = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "MOMENT",
            description =
                    "History and transactions up to here, which is included; --as-of when not given.")
    Optional<String> until = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description =
                    "Show at most this many rows, and say whether there are more; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "Cancel what takes longer, with all that is read for it; ${DEFAULT-VALUE} when not given.",
            defaultValue = "60s")
    String timeout = "";

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What DuckDB may take of memory, beside the heap; ${DEFAULT-VALUE} when not given.",
            defaultValue = "512MiB")
    String memory = "";

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description =
                    "What DuckDB may take of temporary-directory for what does not fit that; ${DEFAULT-VALUE} when not given.",
            defaultValue = "8GiB")
    String disk = "";

    ArchiveSql.Asking asking(CommandContext context, Configuration configuration, Claims claims) {
        Target moment = new Target(context.moment(asOf, configuration), false);
        return new ArchiveSql.Asking(
                moment,
                since.map(text -> from(context.moment(text, configuration))),
                until.map(text -> new Target(context.moment(text, configuration), false))
                        .orElse(moment),
                configuration.timezone().map(QueryOptions::timeZone).orElse("UTC"),
                claims);
    }

    /** As DuckDB knows it, which has offsets by names alone, and with the sign of POSIX. */
    private static String timeZone(ZoneId zone) {
        if (!(zone.normalized() instanceof ZoneOffset offset)) {
            return zone.getId();
        }
        int seconds = offset.getTotalSeconds();
        if (seconds % SECONDS_PER_HOUR != 0) {
            throw TidemarkException.usage(
                    "the timezone %s of the configuration is none of whole hours".formatted(zone),
                    "Name a region in it, such as Asia/Kolkata: SQL knows no other offsets.");
        }
        return seconds == 0 ? "UTC" : "Etc/GMT%+d".formatted(-seconds / SECONDS_PER_HOUR);
    }

    /** What is at a moment belongs to what is since then; a mark stands after what it marks. */
    private static Target from(Moment moment) {
        return switch (moment) {
            case Moment.Latest latest ->
                    throw TidemarkException.usage(
                            "nothing is known since 'latest'", "Give --since an earlier moment.");
            case Moment.AtMark mark -> new Target(mark, false);
            case Moment.AtTime time -> new Target(time, true);
            case Moment.AtPosition position -> new Target(position, true);
            case Moment.AtTransaction transaction -> new Target(transaction, true);
        };
    }

    Limits limits() {
        Duration time = TimeSpan.parse(timeout);
        long memoryBytes = ByteSize.parse(memory);
        long diskBytes = ByteSize.parse(disk);
        if (memoryBytes < MEMORY_MIN) {
            throw TidemarkException.usage(
                    "--memory %s is less than 32 MiB".formatted(memory), "Give it more.");
        }
        if (limit > LIMIT_MAX) {
            throw TidemarkException.usage(
                    "--limit %d is more than %d".formatted(limit, LIMIT_MAX),
                    "Use 'tidemark export' for whole tables, or ask for less.");
        }
        if (time.isZero() || time.isNegative() || diskBytes < 1) {
            throw TidemarkException.usage(
                    "--timeout %s or --disk %s is nothing".formatted(timeout, disk),
                    "Give more, such as --timeout 60s --disk 8GiB.");
        }
        return new Limits(memoryBytes, diskBytes, time, limit);
    }
}
