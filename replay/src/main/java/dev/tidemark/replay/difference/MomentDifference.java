package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.NetRequest;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.difference.MatchedColumns.Later;
import dev.tidemark.replay.difference.MatchedColumns.Match;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Answers what differs between two moments of the archive, or between one and the source. Reads the
 * changes between the two, and of the tables whose rows these do not tell all rows. For one thread.
 */
public final class MomentDifference {
    /** Of that which must not depend on the machine: what the heap of one with 1 GiB has for it. */
    private static final long FIXED_MEMORY = 48L * 1024 * 1024;

    private final Reading reading;
    private final Profile profile;
    private final RowDifferences further;

    /**
     * @param temporary a folder for files while they are read
     * @param progress hears how many changes were read, again and again
     */
    public MomentDifference(
            Archive archive, Path temporary, Profile profile, LongConsumer progress) {
        this(
                new Reading(archive, temporary, Fold.memory(), progress),
                profile,
                RowDifferences.NONE);
    }

    /** The same in other memory. */
    MomentDifference(Reading reading, Profile profile) {
        this(reading, profile, RowDifferences.NONE);
    }

    private MomentDifference(Reading reading, Profile profile, RowDifferences further) {
        this.reading = reading;
        this.profile = profile;
        this.further = further;
    }

    /**
     * The same in memory that is the same everywhere: of how much there is depends which tables are
     * compared whole, and with that which files are read.
     */
    public MomentDifference inFixedMemory() {
        return new MomentDifference(
                new Reading(
                        reading.archive(), reading.temporary(), FIXED_MEMORY, reading.progress()),
                profile,
                further);
    }

    /** The same, which a patch is made of besides. */
    public MomentDifference into(Patch patch) {
        return new MomentDifference(reading, profile, patch);
    }

    /**
     * The way from one moment to another, which may be an earlier one.
     *
     * @throws dev.tidemark.schemas.TidemarkException when a moment is not in the archive, or what
     *     is asked for is not known there
     */
    public Difference between(Target from, Target to, DifferenceRequest request)
            throws IOException {
        ChosenTables asked = chosen(request);
        ArchivedState one = ArchivedState.at(reading.archive(), reading.temporary(), from);
        ArchivedState other = ArchivedState.at(reading.archive(), reading.temporary(), to);
        States states = states(one, other);
        ChosenTables chosen = asked.alsoAt(one).alsoAt(other);
        List<TablePair> pairs = states.pairs(of(chosen, one), of(chosen, other));
        chosen.require(pairs, "%s or %s".formatted(one.place().moment(), other.place().moment()));
        List<String> notes = new ArrayList<>();
        notes.addAll(untold(one, chosen));
        notes.addAll(untold(other, chosen));
        List<SchemaChange> schema = schema(states, chosen, one, other);
        further.begin(schema, one.catalog());
        Tally tally = new Tally(profile, request, further);
        if (one.stretch().equals(other.stretch())) {
            new StretchComparison(reading, states, one, other).run(pairs, tally, counting(request));
        } else {
            notes.addAll(between(one.stretch(), other.stretch()));
            apart(states, one, other, pairs, tally);
        }
        return difference(one.place(), other.place(), schema, tally, notes);
    }

    private List<SchemaChange> schema(
            States states, ChosenTables chosen, ArchivedState from, ArchivedState to) {
        return new SchemaDifferences(states.match())
                .of(
                        states.pairs(tables(chosen, from), tables(chosen, to)),
                        from.catalog(),
                        to.catalog(),
                        chosen.areAll()
                                ? SchemaDifferences.Asked.ALL
                                : SchemaDifferences.Asked.SOME_TABLES);
    }

    private static NetRequest.Counting counting(DifferenceRequest request) {
        return switch (request.scope()) {
            case TOUCHED -> NetRequest.Counting.EACH_ROW;
            case NET -> NetRequest.Counting.NONE;
        };
    }

    /** What was lost between two stretches. */
    private List<String> between(Stretch one, Stretch other) {
        List<Stretch> all = reading.archive().state().stretches();
        int first = Math.min(all.indexOf(one), all.indexOf(other));
        int last = Math.max(all.indexOf(one), all.indexOf(other));
        List<String> notes = new ArrayList<>();
        for (int i = first + 1; i <= last; i++) {
            Stretch before = all.get(i - 1);
            Stretch later = all.get(i);
            notes.add(
                    "what was committed between %s and %s %s: rows are compared as they are at the two moments, and what"
                                    .formatted(
                                            before.end().span().latestCommit(),
                                            later.base().span().latestCommit(),
                                            later.gap()
                                                    .map(
                                                            gap ->
                                                                    "is lost in a gap ("
                                                                            + gap.reason()
                                                                            + ")")
                                                    .orElse("has expired"))
                            + " came and went between them is not known");
        }
        return notes;
    }

    /** Two moments between which changes are missing. */
    private void apart(
            States states, ArchivedState from, ArchivedState to, List<TablePair> pairs, Tally tally)
            throws IOException {
        FoldedRows there = FoldedRows.of(reading, from, ids(pairs, TablePair::from), Map.of());
        FoldedRows here = FoldedRows.of(reading, to, ids(pairs, TablePair::to), Map.of());
        for (TablePair pair : pairs) {
            compare(
                    pair,
                    states,
                    tally,
                    pair.from().map(table -> rows(there.of(table.id()))),
                    pair.to().map(table -> rows(here.of(table.id()))));
        }
    }

    private interface SideOf {
        Optional<Table> of(TablePair pair);
    }

    private static Set<Long> ids(List<TablePair> pairs, SideOf side) {
        return pairs.stream()
                .flatMap(pair -> side.of(pair).stream())
                .map(Table::id)
                .collect(Collectors.toSet());
    }

    private static WholeComparison.Rows rows(TableRows table) {
        return table::rows;
    }

    private void compare(
            TablePair pair,
            States states,
            Tally tally,
            Optional<WholeComparison.Rows> from,
            Optional<WholeComparison.Rows> to)
            throws IOException {
        MatchedColumns columns = states.columns(pair);
        Tally.OfTable counts = tally.new OfTable(pair, columns, Optional.empty());
        new WholeComparison(pair.name(), columns, reading)
                .run(
                        from.orElse(WholeComparison.Rows.NONE),
                        to.orElse(WholeComparison.Rows.NONE),
                        counts::row);
        counts.end(Optional.empty());
    }

    /**
     * The way from a moment to the source as it is.
     *
     * @throws dev.tidemark.schemas.TidemarkException also when a table may not be read there
     */
    public Difference live(Target from, LiveSource source, DifferenceRequest request)
            throws IOException {
        ChosenTables asked = chosen(request);
        ArchivedState state = ArchivedState.at(reading.archive(), reading.temporary(), from);
        ChosenTables chosen = asked.alsoAt(state);
        States states = new States(match(state.system()), Later.TO);
        List<Table> newest =
                reading.archive()
                        .catalog(reading.archive().state().catalog().orElseThrow())
                        .tables();
        List<Table> live = live(source, chosen, newest);
        List<TablePair> pairs = states.pairs(of(chosen, state), live);
        chosen.require(pairs, "%s or now".formatted(state.place().moment()));
        List<String> notes = untold(state, chosen);
        List<SchemaChange> schema = new SchemaDifferences(states.match()).ofTables(pairs);
        if (states.match() == Match.NAME) {
            further.toOtherCluster();
        }
        further.begin(schema, state.catalog());
        Tally tally = new Tally(profile, request, further);
        FoldedRows there = FoldedRows.of(reading, state, ids(pairs, TablePair::from), Map.of());
        for (TablePair pair : pairs) {
            compare(
                    pair,
                    states,
                    tally,
                    pair.from().map(table -> rows(there.of(table.id()))),
                    pair.to().map(table -> sink -> source.rows(table, sink)));
        }
        Difference.Place now =
                new Difference.Place("live", Optional.of(source.position()), source.time());
        return difference(state.place(), now, schema, tally, notes);
    }

    /** Those of the source, which is of the archive's newest cluster. */
    private List<Table> live(LiveSource source, ChosenTables chosen, List<Table> newest)
            throws IOException {
        String system = reading.archive().systemId();
        Set<Long> ids = chosen.ids(system);
        return chosen.areAll() || !ids.isEmpty()
                ? chosen.of(source.tables(ids), newest, system)
                : List.of(); // no ids are all tables
    }

    private ChosenTables chosen(DifferenceRequest request) throws IOException {
        return ChosenTables.of(reading.archive(), reading.temporary(), request.tables());
    }

    private States states(ArchivedState from, ArchivedState to) {
        List<Stretch> all = reading.archive().state().stretches();
        int one = all.indexOf(from.stretch());
        int other = all.indexOf(to.stretch());
        boolean isForwards = one == other ? !to.position().isBefore(from.position()) : one < other;
        return new States(
                from.system().equals(to.system()) ? Match.NUMBER : Match.NAME,
                isForwards ? Later.TO : Later.FROM);
    }

    /** The source is of the archive's newest cluster. */
    private Match match(String system) {
        return system.equals(reading.archive().systemId()) ? Match.NUMBER : Match.NAME;
    }

    private List<Table> of(ChosenTables chosen, ArchivedState state) {
        List<Table> there = state.catalog().tables();
        return chosen.of(there, there, state.system());
    }

    /** Those of which the schema is told: all kinds. */
    private List<Table> tables(ChosenTables chosen, ArchivedState state) {
        return chosen.areAll() ? state.catalog().tables() : of(chosen, state);
    }

    private List<String> untold(ArchivedState state, ChosenTables chosen) throws IOException {
        Untold untold = UntoldChanges.at(reading.archive(), state.plan(), reading.temporary());
        if (!chosen.areAll()) {
            untold =
                    untold.ofPart(
                            of(chosen, state).stream()
                                    .map(Table::displayName)
                                    .collect(Collectors.toSet()));
        }
        untold.requireTables();
        return untold.uncertain();
    }

    private static Difference difference(
            Difference.Place from,
            Difference.Place to,
            List<SchemaChange> schema,
            Tally tally,
            List<String> notes) {
        return new Difference(
                from,
                to,
                schema,
                tally.tables(),
                tally.rows(),
                tally.isMore(),
                !schema.isEmpty() || !tally.tables().isEmpty(),
                notes);
    }
}
