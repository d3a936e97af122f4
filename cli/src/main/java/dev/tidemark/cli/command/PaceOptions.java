package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.schemas.TidemarkException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** In which order and with what a restore works, which changes nothing of what comes back. */
final class PaceOptions {
    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description =
                    "Tables loaded at the same time, a large one by several sessions; one a processor when not"
                            + " given.")
    Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = FoldBytes.class,
            description =
                    "What changes may take of the heap, as 64MiB, before they go to temporary-directory; a third of the heap"
                            + " when not given. The heap itself is TIDEMARK_HEAP.")
    Optional<Long> memory = Optional.empty();

    @Option(
            names = "--priority",
            paramLabel = "TABLE",
            split = ",",
            description =
                    "These tables first, by schema.table, or table where that is clear. Says of each when it can be read"
                            + " while the others are still loaded: its rows are there and equal to the archive, and its own"
                            + " keys, indexes and checks. Only the user of URL and superusers may read it then: rights come"
                            + " last, as do views, triggers, and foreign keys to other tables. Do not write into it before the"
                            + " end.")
    Set<String> first = new LinkedHashSet<>();

    @Option(
            names = "--resume",
            description =
                    "Go on where a restore of the same moment broke off, with the same options: what is in the database is not"
                            + " loaded again. Begins anew where the database is empty.")
    boolean isResuming;

    /** These, where they are not given otherwise. */
    RestoreOptions with(RestoreOptions others) {
        return others.withFirst(first)
                .withFoldBytes(memory.orElseGet(Fold::memory))
                .withStart(
                        isResuming ? RestoreOptions.Start.UNFINISHED : RestoreOptions.Start.EMPTY);
    }

    /** Where no table can come before others. */
    void refuseFirst(String where) {
        if (!first.isEmpty()) {
            throw TidemarkException.usage(
                    "--priority is for a database that is built, and not for " + where,
                    "Leave it out.");
        }
    }

    int jobs() {
        return jobs.orElse(Runtime.getRuntime().availableProcessors());
    }
}
