package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.ProfileSettings;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.SampledRows;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.replay.profile.ProfileSuggestion;
import dev.tidemark.replay.profile.ValueSample;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark profile}. */
@Command(
        name = "profile",
        header =
                "Show what the profile says of each table: who changed a row, what counts as deleted.",
        description = {
            "%nReads the archive only, and checks that what the profile names is there. The configuration names it",
            "(profile: FILE); without one, common names of columns are taken. docs/profile.md describes the file."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark profile",
            "  tidemark profile --suggest > profile.yaml",
            "  tidemark profile --ready odoo",
            "  tidemark profile --json --limit 10"
        })
final class ProfileCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "0..1")
    Other other = new Other();

    /** Instead of what the configured one means. */
    static final class Other {
        @Option(
                names = "--check",
                description =
                        "Show what the configured profile means; this is done without it, too.")
        boolean isCheck;

        @Option(
                names = "--suggest",
                description =
                        "Print a proposal for a profile, with the reason for each line: by the newest schema, and by some rows"
                                + " of tables with names of kinds and of users.")
        boolean isSuggest;

        @Option(
                names = "--ready",
                paramLabel = "NAME",
                description =
                        "Print a profile that comes with Tidemark: espocrm, odoo, suitecrm or twenty.")
        String ready = "";
    }

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most so many tables; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        if (isJson && (other.isSuggest || !other.ready.isEmpty())) {
            throw TidemarkException.usage(
                    "--suggest and --ready print a file in YAML, and --json another one",
                    "Leave --json out.");
        }
        if (!other.ready.isEmpty()) {
            context.out().print(ready(other.ready));
            return ExitCode.DONE;
        }
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("profile")) {
            RestorePlan plan =
                    new Planner(archive, temporary.path())
                            .plan(new Target(new Moment.Latest(), false));
            Catalog catalog = CatalogWalk.at(archive, plan, temporary.path());
            if (other.isSuggest) {
                ValueSample sample =
                        SampledRows.of(
                                archive,
                                plan,
                                catalog,
                                ProfileSuggestion.wanted(catalog),
                                temporary.path(),
                                context.progress());
                context.out().print(ProfileSuggestion.text(catalog, sample));
            } else {
                show(context, parts, catalog);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private void show(CommandContext context, Parts parts, Catalog catalog) {
        ProfileView view =
                ProfileView.of(
                        parts.configuration().profile().map(ProfileSettings::name),
                        parts.profile(catalog),
                        catalog);
        if (isJson) {
            context.printJson(view.first(limit));
        } else {
            view.first(limit).print(context, view.tables().size());
        }
    }

    private static String ready(String name) {
        if (!ProfileFile.READY.contains(name)) {
            throw TidemarkException.usage(
                    "there is no ready profile '%s'".formatted(name),
                    "There are %s.".formatted(String.join(", ", ProfileFile.READY)));
        }
        return ProfileFile.text(name);
    }
}
