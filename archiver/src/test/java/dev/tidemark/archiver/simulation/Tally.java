package dev.tidemark.archiver.simulation;

/** How much was tried. */
final class Tally {
    long runs;
    long transactions;
    long manifests;
    long operations;
    long faults;
    long beside;
    long lostRaces;
    long kills;
    long rebalances;
    long captures;
    long losses;
    long holes;

    @Override
    public String toString() {
        return "%d runs: %d transactions in %d manifests, bases made, segments merged or bases let go %d times, by %d operations, of which %d failed and %d lost a race; archivers killed %d times"
                        .formatted(
                                runs,
                                transactions,
                                manifests,
                                beside,
                                operations,
                                faults,
                                lostRaces,
                                kills)
                + " and replaced %d times, captures %d times; %d records lost, which made %d holes"
                        .formatted(rebalances, captures, losses, holes);
    }
}
