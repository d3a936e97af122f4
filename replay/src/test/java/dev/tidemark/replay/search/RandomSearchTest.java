package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found is what a model finds that has everything in memory. */
class RandomSearchTest {
    private static final int SEEDS = 15;
    private static final int QUESTIONS = 10;

    @TempDir Path folder;

    private int exact;
    private int found;

    @Test
    void whatIsFoundIsWhatANaiveModelFindsInMergedSegmentsToo() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                check(seed);
            }
        }
        assertThat(exact).isGreaterThan(only < 0 ? 220 : 0);
        assertThat(found).isGreaterThan(only < 0 ? 500 : 0);
    }

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        NaiveChanges naive = new NaiveChanges();
        history.tables()
                .forEach(
                        table ->
                                naive.begin(
                                        table, history.rows().getOrDefault(table.id(), List.of())));
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(
                                new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                        folder);
        written.base(at(1), NOON, catalog(history.tables().toArray(Table[]::new)), history.rows());
        List<Manifest> segments = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        for (int n = 2 + random.nextInt(5); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                part.add(history.next());
            }
            part.forEach(naive::add);
            part.forEach(transaction -> positions.add(transaction.position().value()));
            segments.add(written.segment(part));
        }
        ask(seed, random, written.archive(), naive, positions);
        int from = random.nextInt(segments.size());
        int to = from + 1 + random.nextInt(segments.size() - from);
        MergedByHand.replace(
                written.archive(),
                from == 0 ? written.archive().state().bases().getFirst() : segments.get(from - 1),
                segments.subList(from, to),
                folder,
                3);
        ask(seed, random, written.archive(), naive, positions);
    }

    private void ask(
            long seed, Random random, Archive archive, NaiveChanges naive, List<Long> positions)
            throws Exception {
        Profile profile =
                Profile.none(archive.catalog(archive.state().newest().orElseThrow().catalog()));
        for (int n = 0; n < QUESTIONS; n++) {
            long first = positions.get(random.nextInt(positions.size()));
            long second = positions.get(random.nextInt(positions.size()));
            boolean isWhole = random.nextInt(3) == 0;
            SearchRequest request =
                    request(
                            random,
                            naive,
                            isWhole ? Optional.empty() : Optional.of(Math.min(first, second)),
                            isWhole ? Optional.empty() : Optional.of(Math.max(first, second)));
            String what = "seed %d, question %d: %s".formatted(seed, n, request);
            try {
                compare(
                        new Search(archive, folder, profile, changes -> {}).find(request, 100),
                        expected(naive, request, first, second, isWhole),
                        what);
            } catch (TidemarkException e) {
                // Of a column that came and went in between nobody knows.
                assertThat(e).as(what).hasMessageContaining("column");
            }
        }
    }

    private static List<NaiveChanges.Known> expected(
            NaiveChanges naive, SearchRequest request, long one, long other, boolean isWhole) {
        List<NaiveChanges.Known> expected = new ArrayList<>();
        for (NaiveChanges.Known change : naive.all()) {
            boolean isIn =
                    isWhole
                            || (change.position() >= Math.min(one, other)
                                    && change.position() <= Math.max(one, other));
            if (isIn && change.answers(request)) {
                expected.add(change);
            }
        }
        Collections.reverse(expected);
        return expected;
    }

    private static SearchRequest request(
            Random random, NaiveChanges naive, Optional<Long> since, Optional<Long> until) {
        List<String> tables = naive.tables().stream().map(Table::displayName).sorted().toList();
        Optional<String> table =
                random.nextBoolean() || tables.isEmpty()
                        ? Optional.empty()
                        : Optional.of(tables.get(random.nextInt(tables.size())));
        return new SearchRequest(
                table,
                fields(random),
                random.nextInt(3) == 0
                        ? Set.of(
                                List.of(ChangeKind.INSERT, ChangeKind.UPDATE, ChangeKind.DELETE)
                                        .get(random.nextInt(3)))
                        : Set.of(),
                Optional.empty(),
                since.map(position -> new Moment.AtPosition(at(position))),
                until.map(position -> new Moment.AtPosition(at(position))),
                1_000);
    }

    private static FieldQuestion fields(Random random) {
        Optional<String> column = Optional.of("c" + (1 + random.nextInt(4)));
        Optional<FieldQuestion.Wanted> wanted =
                Optional.of(
                        random.nextInt(4) == 0
                                ? FieldQuestion.Wanted.NULL
                                : FieldQuestion.Wanted.of(number(random)));
        Optional<String> none = Optional.empty();
        return switch (random.nextInt(8)) {
            case 0 -> FieldQuestion.NONE;
            case 1 -> new FieldQuestion(column, Optional.empty(), Optional.empty(), none, none);
            case 2 -> new FieldQuestion(column, wanted, Optional.empty(), none, none);
            case 3 -> new FieldQuestion(column, Optional.empty(), wanted, none, none);
            case 4 ->
                    new FieldQuestion(
                            column,
                            wanted,
                            Optional.of(FieldQuestion.Wanted.of(number(random))),
                            none,
                            none);
            case 5 ->
                    new FieldQuestion(
                            column,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(number(random)),
                            none);
            case 6 ->
                    new FieldQuestion(
                            none,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(number(random)),
                            none);
            default ->
                    new FieldQuestion(
                            none,
                            Optional.empty(),
                            Optional.empty(),
                            none,
                            Optional.of(number(random)));
        };
    }

    private static String number(Random random) {
        return Integer.toString(random.nextInt(12));
    }

    private void compare(Found answer, List<NaiveChanges.Known> expected, String what) {
        List<String> told = expected.stream().map(NaiveChanges.Known::told).toList();
        List<String> rows =
                answer.rows().stream()
                        .map(
                                row ->
                                        row.position().value()
                                                + " "
                                                + row.table()
                                                + " "
                                                + row.operation())
                        .toList();
        found += rows.size();
        assertThat(answer.changes()).as(what).isEqualTo(rows.size());
        assertThat(answer.counts().stream().mapToLong(FoundCount::changes).sum())
                .as(what)
                .isEqualTo(rows.size());
        if (answer.notes().isEmpty()) {
            exact++;
            assertThat(rows).as(what).isEqualTo(told);
            for (int i = 0; i < rows.size(); i++) {
                compareFields(answer.rows().get(i), expected.get(i), what);
            }
        } else {
            long missing = Long.parseLong(answer.notes().getFirst().replaceFirst(" .*", ""));
            List<String> left = new ArrayList<>(told);
            rows.forEach(row -> assertThat(left.remove(row)).as(what + row).isTrue());
            assertThat((long) left.size()).as(what).isLessThanOrEqualTo(missing);
        }
    }

    private static void compareFields(FoundChange row, NaiveChanges.Known known, String what) {
        for (ChangedField field : row.fields()) {
            String at = "%s: %s %s".formatted(what, known.told(), field);
            assertThat(value(field.after())).as(at).isEqualTo(known.is(field.column()));
            if (field.beforeKnown()) {
                assertThat(value(field.before())).as(at).isEqualTo(known.was(field.column()));
                assertThat(known.changed()).as(at).contains(field.column());
            }
        }
        assertThat(row.fields().stream().map(ChangedField::column).toList())
                .as(what + ": " + known.told())
                .containsAll(
                        known.changed().stream().filter(name -> isShown(known, name)).toList());
    }

    private static boolean isShown(NaiveChanges.Known known, String column) {
        return known.after().isEmpty() || known.is(column).isKnown();
    }

    private static Value value(Optional<String> text) {
        return text.map(Value::text).orElse(Value.Mark.NULL);
    }
}
