package dev.tidemark.cli.command;

import dev.tidemark.cli.config.ProfileSettings;
import dev.tidemark.cli.config.ReferencesFile;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.replay.rows.RowRequest;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Which rows to bring back, when not all. */
final class RowOptions {
    private static final int ROWS_MAX = 100_000; // of one customer; more is rather a mistake

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            required = true,
            description =
                    "Bring only these rows of the table of --table back, as behind WHERE: columns compared with literals,"
                            + " decided from the archive (docs/rows.md). Everything else comes back empty; sql:FILE brings"
                            + " rows alone, for a database that lives on.")
    Optional<String> where = Optional.empty();

    @Option(
            names = "--related",
            description =
                    "And what belongs to them: rows that name them by foreign keys, rows that name those, and so on, with"
                            + " the rows that all of these name.")
    boolean isRelated;

    @Option(
            names = "--references",
            paramLabel = "FILE",
            description =
                    "With --related: references that no foreign key declares, as YAML; those of the configuration's profile"
                            + " are followed, too.")
    String references = "";

    @Option(
            names = "--depth",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description =
                    "With --related: so many steps from a row to those that name it; all when not given.")
    int depth;

    @Option(
            names = "--rows-max",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Refuse more rows than this, in all; 100000 when not given.")
    int rowsMax;

    /** Also with an empty text, which is no condition, and not none: then all rows would come. */
    boolean isGiven() {
        return where.isPresent();
    }

    /** A variable of a shell that is not set leaves an empty text. */
    void requireThatItFits() {
        if (where.filter(String::isBlank).isPresent()) {
            throw TidemarkException.usage(
                    "the condition of --where is empty",
                    "Write what stands behind WHERE in SQL, or leave --where out to bring all rows back.");
        }
    }

    /**
     * What is asked for.
     *
     * @param tables of --table
     */
    RowRequest request(CommandContext context, List<String> tables) {
        if (tables.size() != 1) {
            throw TidemarkException.usage(
                    "--where needs one --table, and there are " + tables.size(),
                    "Name the table whose columns the condition is about.");
        }
        if (!isRelated && !(references.isEmpty() && depth == 0)) {
            throw TidemarkException.usage(
                    "--references and --depth say nothing without --related",
                    "Add --related to bring back what belongs to the rows.");
        }
        return new RowRequest(
                tables.getFirst(),
                where.orElseThrow(),
                isRelated ? Optional.of(related(context)) : Optional.empty(),
                rowsMax == 0 ? ROWS_MAX : rowsMax);
    }

    private RowRequest.Related related(CommandContext context) {
        List<VirtualReference> told =
                references.isEmpty()
                        ? List.of()
                        : ReferencesFile.read(context.directory().resolve(references));
        Optional<ProfileFile> profile =
                context.configuration().profile().map(ProfileSettings::read);
        return new RowRequest.Related(
                told,
                depth == 0 ? OptionalInt.empty() : OptionalInt.of(depth),
                catalog ->
                        profile.map(file -> Profile.at(file, catalog).references())
                                .orElse(List.of()));
    }
}
