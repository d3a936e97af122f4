package dev.tidemark.replay.load;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What a target holds of a restore that broke off and is to go on, if anything. Only reads. */
public final class Unfinished {
    private final Optional<Finished> finished;

    private Unfinished(Optional<Finished> finished) {
        this.finished = finished;
    }

    /**
     * Looks at a target before the long work.
     *
     * @return whether it holds what a restore of this plan can go on with, as far as is known yet
     * @throws TidemarkException (refused) when it holds a restore to another moment
     */
    public static boolean isIn(Database target, RestorePlan plan) {
        try (Connection connection = target.connect()) {
            Optional<RestoreMark> mark = RestoreMark.find(connection);
            if (mark.isPresent()) {
                RestoreLock.refuseIfTaken(target, connection);
                requireCut(target, mark.get(), plan);
            }
            return mark.isPresent();
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
        }
    }

    /**
     * Looks whether a restore that seems to have broken off had ended: whoever lost the connection
     * after the last commit does not know.
     *
     * @throws TidemarkException (refused) when the target is as that restore leaves it
     */
    public static void refuseFinished(Database target, Archive archive, RestorePlan plan) {
        try (Connection connection = target.connect()) {
            Optional<RestoreRecord> there = RestoreRecord.find(connection);
            boolean isFinished =
                    there.isPresent()
                            && there.get().isOf(archive)
                            && there.get().position().equals(plan.cut().position());
            if (isFinished) {
                throw TidemarkException.refused(
                        "%s holds a restore that has finished: it is as the source was at %s"
                                .formatted(target, there.get().position()),
                        "There is nothing to go on with. Where it was made beside another database, 'tidemark switch' puts it in"
                                + " its place. To restore again give --replace --confirm.");
            }
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
        }
    }

    /**
     * The same when all is known.
     *
     * @throws TidemarkException (refused) when it holds another restore
     */
    static Unfinished in(
            Database target, RestorePlan plan, String identity, RestoreOptions options) {
        if (!options.mayGoOn()) {
            return new Unfinished(Optional.empty());
        }
        try (Connection connection = target.connect()) {
            Optional<RestoreMark> mark = RestoreMark.find(connection);
            if (mark.isEmpty()) {
                return new Unfinished(Optional.empty());
            }
            requireCut(target, mark.get(), plan);
            return new Unfinished(Optional.of(Finished.read(target, connection, identity)));
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
        }
    }

    private static void requireCut(Database target, RestoreMark mark, RestorePlan plan) {
        String cut = plan.cut().position().toString();
        if (!mark.cut().equals(cut)) {
            throw TidemarkException.refused(
                    "%s holds a restore that did not finish and has the cut %s, and this one has %s"
                            .formatted(target, mark.cut(), cut),
                    "Give --to %s to go on with it, or restore again with --replace --confirm."
                            .formatted(mark.cut()));
        }
    }

    /** Does the target hold one? */
    boolean isThere() {
        return finished.isPresent();
    }

    /** What it had done. */
    Finished finished() {
        return finished.orElseGet(Finished::nothing);
    }

    /** Whether the target can take it; what it can live with. */
    List<String> check(Database target, Catalog catalog) {
        return isThere()
                ? TargetCheck.ofUnfinished(target, catalog)
                : TargetCheck.ofLockedDatabase(target, catalog);
    }
}
