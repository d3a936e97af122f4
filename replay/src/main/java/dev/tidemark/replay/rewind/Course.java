package dev.tidemark.replay.rewind;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.NetChanges;
import dev.tidemark.archive.fold.RowsMove;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The way from where a database is to the cut of a plan: one without a hole in it, and without a
 * difference of the schemas.
 *
 * @param plan to the cut
 * @param catalog there, with where sequences stood
 * @param net what the changes between make of the rows
 * @param isForwards does it go to a later cut?
 */
record Course(RestorePlan plan, Catalog catalog, NetChanges net, boolean isForwards)
        implements Way {
    private static final String HINT =
            "Restore that moment: 'tidemark restore --to … --into … --replace --confirm'.";

    /**
     * Finds it, or the change of the schema in the way.
     *
     * @throws TidemarkException when a part of it is not in the archive
     */
    static Way find(Reading reading, RestoreRecord record, RestorePlan plan) throws IOException {
        Archive archive = reading.archive();
        Path temporary = reading.temporary();
        Position from = record.position();
        Position to = plan.cut().position();
        Stretch stretch = archive.state().stretchOf(plan.base());
        boolean isOfIt = stretch.origin().number() == record.stretch();
        boolean isLastOfIt = // something between two of one origin may have expired
                archive.state().stretches().stream()
                        .noneMatch(
                                one ->
                                        one.origin().equals(stretch.origin())
                                                && one.from().isAfter(stretch.to()));
        if (isOfIt && isLastOfIt && from.isAfter(stretch.to())) {
            throw TidemarkException.refused(
                    "the database is at %s, and the archive reaches %s"
                            .formatted(from, stretch.to()),
                    "It followed the change log. Wait until the archiver is past it, which 'tidemark info' tells, or"
                            + " follow on with --from-log.");
        }
        if (!isOfIt || !stretch.holds(from)) {
            throw TidemarkException.refused(
                    "there is no way from %s, where the database is, to %s: what was committed between them is not in the"
                                    .formatted(from, to)
                            + " archive without a hole",
                    "A gap lies between them, or a part of it has expired: see 'tidemark info'. "
                            + HINT);
        }
        boolean isForwards = !to.isBefore(from);
        RestorePlan here = new Planner(archive, temporary).plan(record.stretch(), from);
        Catalog now = CatalogWalk.at(archive, here, temporary);
        Catalog then = CatalogWalk.withSequences(archive, plan, temporary);
        NetChanges net =
                NetChanges.read(
                        archive,
                        Between.of(archive, stretch, from, to, temporary),
                        isForwards ? now : then,
                        Fold.memory(),
                        temporary,
                        reading.progress());
        Optional<String> difference = SchemaDifference.between(now, then);
        if (difference.isPresent()) {
            String first = net.firstSchemaChange().map(Course::describe).orElse("");
            TidemarkException refusal =
                    TidemarkException.refused(
                            "there is no way from %s, where the database is, to %s across a change of the schema: %s%s"
                                    .formatted(from, to, difference.get(), first),
                            HINT);
            return new Barrier(net.firstSchemaChange(), refusal);
        }
        return new Course(plan, then, net, isForwards);
    }

    private static String describe(TransactionRecord first) {
        return ", first by the transaction at %s (%s)"
                .formatted(first.position(), first.commitTime());
    }

    RowsMove move(Table table) {
        return isForwards ? net.forwards(table) : net.backwards(table);
    }
}
