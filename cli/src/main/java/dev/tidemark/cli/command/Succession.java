package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.Place;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.load.BesideDatabase;
import dev.tidemark.replay.load.DatabaseSwitch;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a whole restore comes to the place that {@code --into} names.
 *
 * @param place what becomes of what is there
 * @param into what is filled, and with {@link Place#BESIDE} what it stands beside
 * @param isGoingOn is it beside another because an earlier run made it there?
 */
record Succession(Place place, Database into, Database named, boolean isGoingOn) {
    /**
     * As the options say, and as the database is. Who goes on where there is nothing to go on with
     * begins, as a restore does that was killed before it wrote anything.
     */
    static Succession of(Database named, boolean isReplacing, boolean isResuming) {
        if (!isReplacing) {
            return new Succession(Place.AS_IT_IS, named, named, false);
        }
        if (isResuming) {
            Optional<Database> beside = BesideDatabase.find(named);
            if (beside.isPresent() && !BesideDatabase.isNeeded(beside.get())) {
                return new Succession(Place.AS_IT_IS, beside.get(), named, true);
            }
            if (TargetContents.of(named).isPresent() && TargetCheck.isUnfinished(named)) {
                return new Succession(Place.AS_IT_IS, named, named, false);
            }
        }
        Place place = BesideDatabase.isNeeded(named) ? Place.BESIDE : Place.DROPPED;
        return new Succession(place, named, named, false);
    }

    /** What --replace does, for who has not confirmed it. */
    static TidemarkException unconfirmed(Database named, PartRequest request) {
        Optional<TargetContents> contents = TargetContents.of(named);
        if (contents.isEmpty()) {
            return unconfirmed(
                    "creates the database %s, which does not exist".formatted(named.url()), "");
        }
        TargetContents there = contents.get();
        if (!request.isWhole() && !there.isEmpty() && !TargetCheck.isUnfinished(named)) {
            return TidemarkException.refused(
                    "--replace would drop %s with %s, and only a part is brought back"
                            .formatted(named, there),
                    "Leave --replace out: the part comes beside what is there, with --rename under other names; or give an"
                            + " empty database.");
        }
        return unconfirmed(
                "takes the place of the database %s of %s, which %s"
                        .formatted(
                                named.url(),
                                Figures.bytes(there.bytes()),
                                there.isEmpty() ? "is empty" : "holds " + there),
                there.isEmpty() || !request.isWhole() ? "" : " " + course(named));
    }

    private static TidemarkException unconfirmed(String what, String course) {
        return TidemarkException.usage(
                "--replace " + what, "Add --confirm if that is what you want." + course);
    }

    private static String course(Database named) {
        if (!BesideDatabase.isNeeded(named)) {
            return "A restore left it unfinished: it is dropped, and the new one begins.";
        }
        return "The restored one is made beside it, as %s, and takes as much disk again. When it is whole and nobody uses the"
                        .formatted(BesideDatabase.of(named).url().database())
                + " one that is there, that one is dropped and this one gets its name. Else both stay, until 'tidemark switch'.";
    }

    private boolean isBeside() {
        return place == Place.BESIDE || isGoingOn;
    }

    /**
     * After a restore: takes the place when nobody uses the database there.
     *
     * @param isWhole lacks the restored one nothing?
     * @param warn told of what is left to do where it did
     * @return why it did not; empty when the restored database is in its place
     */
    Optional<String> takePlace(RestoreJob job, boolean isWhole, Consumer<String> warn)
            throws InterruptedException {
        if (!isBeside()) {
            return Optional.empty();
        }
        if (!isWhole) {
            return Optional.of("the restored one is not whole");
        }
        if (job.mayBeTheSource(named)) {
            return Optional.of("it is used by the capture of this archive");
        }
        try {
            DatabaseSwitch.Taken taken = DatabaseSwitch.runIfUnused(named);
            taken.stillThere().ifPresent(warn);
            return taken.users().isEmpty()
                    ? Optional.empty()
                    : Optional.of("it is used by " + String.join(", ", taken.users()));
        } catch (TidemarkException e) {
            if (e.kind() != TidemarkException.Kind.REFUSED) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** What is to be done where the restored database is not in its place. */
    void print(PrintStream out, RestoreJob job, String reason) {
        out.printf(
                "It stands beside %s, which goes on as it is: %s. To put it in its place:%n",
                named.url(), reason);
        int step = 1;
        out.printf(
                "  %d. Stop the application and its pool of connections: what is written from now on is not in the restored database.%n",
                step++);
        out.printf("  %d. tidemark switch --on %s --confirm%n", step++, named.url());
        if (job.mayBeTheSource(named)) {
            out.printf(
                    "  %d. tidemark base --from-source --confirm   # records the switch, and takes a base; then start capture%n",
                    step++);
        }
        out.printf("  %d. Start the application, and look.%n", step++);
        out.printf(
                "  %d. Not as it should be? tidemark switch --on %s --back --confirm. Else drop the database that was replaced.%n",
                step, named.url());
    }
}
