package dev.tidemark.cli.command;

import dev.tidemark.replay.search.ChangeKind;
import dev.tidemark.schemas.TidemarkException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads which operations are asked for. */
final class OperationNames {
    private OperationNames() {}

    /** What a word means: a deletion is also one by an UPDATE. */
    static Set<ChangeKind> kinds(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        if (wanted.equals(ChangeKind.DELETE.option())) {
            return ChangeKind.deletions();
        }
        return Arrays.stream(ChangeKind.values())
                .filter(kind -> kind.option().equals(wanted))
                .findFirst()
                .map(EnumSet::of)
                .orElseThrow(
                        () ->
                                TidemarkException.usage(
                                        "there is no operation '" + text + "'",
                                        "Choose from %s."
                                                .formatted(
                                                        Arrays.stream(ChangeKind.values())
                                                                .map(ChangeKind::option)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }
}
