package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.ObjectStores;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.ExportJob;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.export.ExportFormat;
import dev.tidemark.replay.export.ExportReport;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark export}. */
@Command(
        name = "export",
        header = "Write tables as of a moment as Parquet, CSV or SQL.",
        description = {
            "%nNeeds no database. CSV is as PostgreSQL's COPY reads it, with a header, NULL as nothing and an empty text in"
                    + " quotes; SQL is for psql: the schema without owners and rights, and the rows, or with"
                    + " --data-only the rows alone. What was written is told by export.json, which comes last. Generated"
                    + " columns are not held.",
            "%nParquet has types for smallint, integer, bigint, real, double precision, numeric(p,s) of up to 38 digits, boolean,"
                    + " date, time and timestamp, timestamp with time zone, uuid, bytea, json and jsonb, and for domains"
                    + " over these. All else is text: numeric without a precision, arrays, intervals, … So is a column"
                    + " with a value that its type there cannot hold: an infinite date or one before Christ or after"
                    + " 9999, the time 24:00:00, a NaN of numeric, half a surrogate pair in json. A warning and export.json name such columns."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark export --as-of 2026-03-31T23:59:59Z --format parquet --into /data/q1",
            "  tidemark export --as-of latest --format csv --table crm.contact --into s3://reports/contacts",
            "  tidemark export --as-of latest --format sql -n crm -T 'crm.log*' --into /data/crm",
            "  tidemark export --as-of latest --format parquet --mask masks.yaml --into /data/analysts"
        })
final class ExportCommand implements TidemarkCommand {
    @Option(
            names = "--as-of",
            paramLabel = "MOMENT",
            required = true,
            description = "The moment, which is included.")
    String asOf = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "parquet, csv or sql.")
    ExportFormat format = ExportFormat.PARQUET;

    @Option(
            names = "--into",
            paramLabel = "PLACE",
            required = true,
            description = "An empty or new directory, or s3://bucket/prefix.")
    String into = "";

    @Mixin PartOptions part = new PartOptions();

    @Mixin MaskFileOption mask = new MaskFileOption();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        Parts parts = context.parts(Section.ARCHIVE);
        if (part.isStructureOnly && format != ExportFormat.SQL) {
            throw TidemarkException.usage(
                    "--structure-only leaves nothing to write as %s"
                            .formatted(format.name().toLowerCase(Locale.ROOT)),
                    "Give --format sql.");
        }
        if (parts.configuration().neededArchive().holds(into)) {
            throw TidemarkException.usage(
                    "%s is inside the archive".formatted(into),
                    "An export is no part of it. Give a folder or prefix of your own.");
        }
        try {
            ExportJob.Result result =
                    into.contains("://")
                            ? export(context, parts, into, Optional.empty())
                            : exportIntoFolder(context, parts);
            return result.untold().uncertain().isEmpty() ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private ExportJob.Result export(
            CommandContext context, Parts parts, String place, Optional<Path> folder)
            throws IOException {
        Optional<MaskJob> masks = mask.job(context);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("export");
                ObjectStore store =
                        ObjectStores.open(place, parts.configuration().neededArchive().s3())) {
            ExportJob job =
                    new ExportJob(
                            archive,
                            temporary.path(),
                            format,
                            part.request(),
                            masks,
                            context.progress());
            Target moment = new Target(context.moment(asOf, parts.configuration()), false);
            ExportJob.Result result = job.run(moment, new ExportJob.Into(store, folder));
            masks.map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
            print(context, result, store.url());
            return result;
        }
    }

    private ExportJob.Result exportIntoFolder(CommandContext context, Parts parts)
            throws IOException {
        Path path = Path.of(into).toAbsolutePath().normalize();
        try (ExportFolder folder = ExportFolder.make(path)) {
            ExportJob.Result result = export(context, parts, path.toString(), Optional.of(path));
            folder.keep();
            return result;
        }
    }

    private void print(CommandContext context, ExportJob.Result result, String url) {
        Untold untold = result.untold();
        result.notInPart().forEach(line -> context.warn("not in the part: " + line));
        untold.uncertain().forEach(object -> context.warn("not known: " + object));
        untold.note().ifPresent(context::warn);
        result.report().tables().stream()
                .filter(table -> !table.asText().isEmpty())
                .map(ExportCommand::asText)
                .forEach(context::warn);
        ExportReport report = result.report();
        if (!part.isStructureOnly) {
            report.withoutRows().forEach(table -> context.warn("left out: the rows of " + table));
        }
        if (isJson) {
            context.printJson(report);
            return;
        }
        MaskFileOption.print(context, report.masked());
        context.out()
                .printf(
                        "%s of %s as of %s%s%s are in %s.%n",
                        Figures.counted(report.rows(), "row"),
                        Figures.counted(report.tables().size(), "table"),
                        report.position(),
                        report.time().map(time -> " (" + time + ")").orElse(""),
                        masked(report),
                        url);
    }

    private static String masked(ExportReport report) {
        int columns = report.masked().size();
        return columns == 0 ? "" : ", " + Figures.counted(columns, "column") + " masked,";
    }

    private static String asText(ExportReport.ExportedTable table) {
        String columns =
                table.asText().stream()
                        .map(name -> name + " (" + table.columns().get(name) + ")")
                        .collect(Collectors.joining(", "));
        return "of %s.%s these columns are text, since a type of Parquet cannot hold some value: %s"
                .formatted(table.schema(), table.name(), columns);
    }
}
