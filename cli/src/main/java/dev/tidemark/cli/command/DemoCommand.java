package dev.tidemark.cli.command;

import dev.tidemark.cli.demo.Demo;
import dev.tidemark.cli.demo.DemoReport;
import dev.tidemark.cli.demo.DemoSettings;
import dev.tidemark.cli.demo.DemoStory;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark demo}. */
@Command(
        name = "demo",
        header = "Try everything at once: servers, a CRM at work, an accident, restores.",
        description = {
            "%nStarts an embedded PostgreSQL and Kafka, runs a CRM workload with an accident in it, restores to",
            "several moments, and compares each with the source as it was then. Needs no configuration."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark demo",
            "  tidemark demo --scale 5 --seed 42",
            "  tidemark demo --directory /tmp/tidemark-demo --keep"
        })
final class DemoCommand implements TidemarkCommand {
    private static final int SCALE_MAX = 100; // 6 million rows

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "Where servers and archive keep their data; a temporary one when not given.")
    Optional<Path> directory = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed makes the same CRM; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1")
    long seed;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "1 is about 60,000 rows, and the default.",
            defaultValue = "1")
    double scale;

    @Option(names = "--keep", description = "Leave servers' data and archive behind.")
    boolean isKept;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public boolean isService() {
        return true; // it runs them
    }

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        if (!(scale > 0 && scale <= SCALE_MAX)) {
            throw TidemarkException.usage(
                    "--scale " + scale + " is not above 0 and at most " + SCALE_MAX,
                    "1 is about 60,000 rows; fractions are fine.");
        }
        DemoSettings settings =
                DemoSettings.of(directory.map(context.directory()::resolve), isKept, seed, scale);
        DemoReport report = new Demo(settings, context.err()::println, context.clock()).run();
        if (isJson) {
            context.printJson(report);
        } else {
            new DemoStory(report, context.isTerminal()).print(context.out());
        }
        return exitCode(report);
    }

    static ExitCode exitCode(DemoReport report) {
        return report.isEqual() ? ExitCode.DONE : ExitCode.NO;
    }
}
