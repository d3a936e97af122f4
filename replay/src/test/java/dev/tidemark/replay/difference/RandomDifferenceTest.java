package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.difference.NaiveDifference.State;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs between two moments is what a model finds that has everything in memory. */
class RandomDifferenceTest {
    private static final int SEEDS = 20;
    private static final int PAIRS = 6;

    @TempDir Path folder;

    private int byChanges;
    private int byWhole;
    private int asBefore;

    @Test
    void anyTwoMomentsDifferAsANaiveModelSaysInMergedSegmentsToo() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                check(seed);
            }
        }
        if (only < 0) {
            assertThat(byChanges).isGreaterThan(100);
            assertThat(byWhole).isGreaterThan(30);
            assertThat(asBefore).isGreaterThan(10);
        }
    }

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(
                                new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                        folder);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        Map<Position, State> states = new TreeMap<>();
        states.put(at(1), new State(history.tables(), history.rows()));
        List<Transaction> all = new ArrayList<>();
        List<Manifest> segments = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                part.add(history.next());
                states.put(part.getLast().position(), new State(history.tables(), history.rows()));
            }
            all.addAll(part);
            segments.add(written.segment(part));
        }
        ask(seed, random, written.archive(), states, all);
        MergedByHand.replace(
                written.archive(),
                written.archive().state().bases().getFirst(),
                segments.subList(0, 1 + random.nextInt(segments.size())),
                folder,
                3);
        ask(seed, random, written.archive(), states, all);
    }

    private void ask(
            long seed,
            Random random,
            Archive archive,
            Map<Position, State> states,
            List<Transaction> all)
            throws Exception {
        List<Position> moments = List.copyOf(states.keySet());
        for (int n = 0; n < PAIRS; n++) {
            Position from = moments.get(random.nextInt(moments.size()));
            Position to = moments.get(random.nextInt(moments.size()));
            String what =
                    "seed %d, from %s to %s; rerun with -Dseed=%d".formatted(seed, from, to, seed);
            Difference difference =
                    new MomentDifference(
                                    new Reading(archive, folder, memory(random), read -> {}),
                                    Profile.none(archive.catalog(archive.state().catalog().get())))
                            .between(
                                    target(from),
                                    target(to),
                                    new DifferenceRequest(
                                            List.of(), Scope.TOUCHED, Integer.MAX_VALUE));
            State before = Objects.requireNonNull(states.get(from));
            State after = Objects.requireNonNull(states.get(to));
            assertThat(told(difference))
                    .as(what)
                    .isEqualTo(NaiveDifference.of(before, after, !to.isBefore(from)));
            assertThat(difference.isDifferent())
                    .as(what)
                    .isEqualTo(!difference.tables().isEmpty() || !difference.schema().isEmpty());
            checkCounts(what, difference, between(all, from, to), before);
        }
    }

    /** In little of it tables are compared whole, and files are written. */
    private static long memory(Random random) {
        return random.nextInt(4) == 0 ? 3_000 : Fold.memory();
    }

    private static Target target(Position position) {
        return new Target(new Moment.AtPosition(position), false);
    }

    private static List<Transaction> between(List<Transaction> all, Position one, Position other) {
        Position after = one.isBefore(other) ? one : other;
        Position to = one.isBefore(other) ? other : one;
        return all.stream()
                .filter(one1 -> one1.position().isAfter(after) && !one1.position().isAfter(to))
                .toList();
    }

    private static Map<String, Map<String, Long>> told(Difference difference) {
        Map<String, Map<String, Long>> told = new TreeMap<>();
        for (DifferingRow row : difference.rows()) {
            if (row.operation() != RowOutcome.AS_BEFORE) {
                Map<String, String> fields = new LinkedHashMap<>();
                row.fields().forEach(field -> fields.put(field.column(), text(field, row)));
                String key = row.key().stream().map(text -> "'" + text).toList().toString();
                told.computeIfAbsent(row.table(), any -> new TreeMap<>())
                        .merge(row.operation() + " " + key + " " + fields, row.times(), Long::sum);
            }
        }
        return told;
    }

    private static String text(ChangedField field, DifferingRow row) {
        return switch (row.operation()) {
            case INSERT -> text(field.after());
            case DELETE -> text(field.before());
            default -> text(field.before()) + "→" + text(field.after());
        };
    }

    private static String text(Optional<String> value) {
        return value.map(text -> "'" + text).orElse("NULL");
    }

    private void checkCounts(
            String what, Difference difference, List<Transaction> between, State before) {
        for (DifferingTable table : difference.tables()) {
            long rows =
                    difference.rows().stream()
                            .filter(row -> row.table().equals(table.table()))
                            .filter(row -> row.operation() != RowOutcome.AS_BEFORE)
                            .mapToLong(DifferingRow::times)
                            .sum();
            assertThat(table.rows()).as(what).isEqualTo(rows);
            if (table.changes().isEmpty()) {
                byWhole++;
                continue;
            }
            byChanges++;
            Table shape =
                    before.tables().stream()
                            .filter(one -> one.displayName().equals(table.table()))
                            .findFirst()
                            .orElseThrow();
            List<Entry.Row> changes =
                    between.stream()
                            .flatMap(transaction -> transaction.entries().stream())
                            .flatMap(NaiveRows::rows)
                            .filter(row -> row.table() == shape.id())
                            .toList();
            assertThat(table.changes()).as(what).hasValue((long) changes.size());
            if (!shape.key().isEmpty()) {
                Set<List<Value>> touched = new HashSet<>();
                changes.forEach(row -> touched.addAll(NaiveRows.keys(shape, row)));
                assertThat(table.asBefore()).as(what).hasValue(touched.size() - rows);
                asBefore += Math.toIntExact(touched.size() - rows);
            }
        }
    }

    /** What a change is about. */
    private static final class NaiveRows {
        static Stream<Entry.Row> rows(Entry entry) {
            return entry instanceof Entry.Row row ? Stream.of(row) : Stream.empty();
        }

        static Set<List<Value>> keys(Table table, Entry.Row row) {
            Set<List<Value>> keys = new HashSet<>();
            if (!row.after().isEmpty()) {
                keys.add(key(table, row.after()));
            }
            if (row.image() != BeforeImage.NONE) {
                keys.add(key(table, row.before()));
            }
            return keys;
        }

        private static List<Value> key(Table table, List<Value> row) {
            List<Integer> stored = table.stored().stream().map(one -> one.id()).toList();
            return table.key().stream().map(id -> row.get(stored.indexOf(id))).toList();
        }
    }
}
