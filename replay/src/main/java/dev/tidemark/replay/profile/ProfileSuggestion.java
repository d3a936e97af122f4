package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Proposes a profile for a schema: which ready one fits, and what names and types of columns, and
 * some values, make likely beside it. A proposal is no finding: somebody has to look at each line.
 */
public final class ProfileSuggestion {
    private static final int CLAIMING_MAX = 3; // tables of which rows are read for their modifiers

    private static final String HEAD =
            """
            # A proposal for a profile, by 'tidemark profile --suggest': by names and types of columns, and by values of
            # some rows. These are guesses: look at each line. docs/profile.md describes the file.
            """;

    private ProfileSuggestion() {}

    /** Ids of the tables of which some rows should be looked at. */
    public static Set<Long> wanted(Catalog catalog) {
        TableWords words = new TableWords(catalog);
        Profile none = Profile.none(catalog);
        Set<Long> wanted = new HashSet<>();
        for (Table table : words.tables()) {
            if (!ReferencesProposal.kinds(table).isEmpty()) {
                wanted.add(table.id());
            }
        }
        UsersProposal.table(words, none).ifPresent(users -> wanted.add(users.id()));
        words.tables().stream()
                .filter(table -> none.of(table).modifier().isPresent())
                .limit(CLAIMING_MAX)
                .forEach(table -> wanted.add(table.id()));
        return Set.copyOf(wanted);
    }

    /** The proposal, as a file. */
    public static String text(Catalog catalog, ValueSample sample) {
        ReadyFit fit = ReadyFit.best(catalog);
        Profile base =
                fit.isEnough()
                        ? Profile.of(ProfileFile.ready(fit.name()), catalog)
                        : Profile.none(catalog);
        TableWords words = new TableWords(catalog);
        var custom = new CustomFieldsProposal(words, base, sample);
        StringBuilder text = new StringBuilder(HEAD);
        text.append('\n').append(extending(fit));
        List<Proposal> parts =
                List.of(
                        new ColumnProposals(words, base).all(),
                        new UsersProposal(words, base, sample).proposal(),
                        new ReferencesProposal(words, base, sample, custom.holders()).proposal(),
                        custom.proposal());
        parts.stream()
                .filter(part -> !part.isEmpty())
                .forEach(part -> text.append('\n').append(part));
        return text.toString();
    }

    private static String extending(ReadyFit fit) {
        String found = String.join(", ", fit.found());
        if (fit.isEnough()) {
            return "extends: %s    # it fits best: %d of %d columns by which it is known are there: %s%n"
                    .formatted(fit.name(), fit.found().size(), fit.wanted(), found);
        }
        return fit.found().isEmpty()
                ? "# No ready profile (%s) fits: none of the columns by which they are known is there.%n"
                        .formatted(String.join(", ", ProfileFile.READY))
                : "# No ready profile fits: of %s only %d of %d columns by which it is known are there: %s.%n"
                        .formatted(fit.name(), fit.found().size(), fit.wanted(), found);
    }
}
