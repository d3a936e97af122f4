package dev.tidemark.replay.query;

import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What happened in the time that is asked about: each part is found when a question first names it,
 * and kept for the next one. For one thread.
 */
final class Past {
    private final HistoryWalk.Reading reading;
    private final ArchiveSql.Asking asking;
    private final RestorePlan plan;
    private final Path folder;
    private Optional<BetweenCuts> cuts = Optional.empty();
    private Optional<Histories> histories = Optional.empty();
    private Optional<TransactionFiles> transactions = Optional.empty();

    /**
     * @param plan of the moment of the tables
     */
    Past(HistoryWalk.Reading reading, ArchiveSql.Asking asking, RestorePlan plan, Path folder) {
        this.reading = reading;
        this.asking = asking;
        this.plan = plan;
        this.folder = folder;
    }

    BetweenCuts cuts() throws IOException {
        if (cuts.isEmpty()) {
            Planner planner = new Planner(reading.archive(), folder);
            Optional<RestorePlan> since =
                    asking.since().isEmpty()
                            ? Optional.empty()
                            : Optional.of(planner.plan(asking.since().get()));
            RestorePlan until =
                    asking.until().equals(asking.asOf()) ? plan : planner.plan(asking.until());
            cuts = Optional.of(BetweenCuts.of(reading.archive(), since, until, folder));
        }
        return cuts.get();
    }

    Histories histories() throws IOException {
        if (histories.isEmpty()) {
            Path unused = Files.createDirectories(reading.folder());
            histories = Optional.of(Histories.in(reading, cuts()));
        }
        return histories.get();
    }

    /** Those that a question named so far, if any did. */
    Optional<Histories> known() {
        return histories;
    }

    TransactionFiles transactions() throws IOException {
        if (transactions.isEmpty()) {
            transactions = Optional.of(TransactionFiles.in(reading.archive(), cuts(), folder));
        }
        return transactions.get();
    }
}
