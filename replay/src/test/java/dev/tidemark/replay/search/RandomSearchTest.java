package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** An archive that is written, and the model of it. */
    private record Told(
            WrittenArchive written, NaiveChanges naive, List<Long> positions, Random random) {}

    private void check(long seed) throws Exception {
        Random random = new Random(seed);
        Told told =
                new Told(
                        new WrittenArchive(
                                Archive.create(
                                        new MemoryObjectStore(),
                                        Samples.IDENTITY,
                                        Samples.keys(seed)),
                                folder),
                        new NaiveChanges(),
                        new ArrayList<>(),
                        random);
        EventfulHistory history = new EventfulHistory(random, 0);
        for (int n = random.nextInt(10); n > 0; n--) {
            history.next();
        }
        begin(told, history, Samples.IDENTITY.systemId());
        List<List<Manifest>> stretches = new ArrayList<>();
        stretches.add(segments(told, history));
        String system = Samples.IDENTITY.systemId();
        for (int n = random.nextInt(3); n > 0; n--) {
            if (random.nextInt(3) == 0) {
                history = new EventfulHistory(random, told.positions().getLast() + 1);
                system += "1";
            }
            for (int lost = random.nextInt(4); lost > 0; lost--) {
                history.next();
            }
            begin(told, history, system);
            stretches.add(segments(told, history));
        }
        ask(seed, told);
        int stretch = random.nextInt(stretches.size());
        List<Manifest> segments = stretches.get(stretch);
        int from = random.nextInt(segments.size());
        int to = from + 1 + random.nextInt(segments.size() - from);
        MergedByHand.replace(
                told.written().archive(),
                from == 0
                        ? told.written().archive().state().stretches().get(stretch).base()
                        : segments.get(from - 1),
                segments.subList(from, to),
                folder,
                3);
        ask(seed, told);
    }

    private static void begin(Told told, EventfulHistory history, String system)
            throws IOException {
        Position position = history.next().position();
        if (told.positions().isEmpty()) {
            told.written()
                    .base(
                            position,
                            NOON.plusMillis(position.value()),
                            catalog(history.tables().toArray(Table[]::new)),
                            history.rows());
        } else {
            told.written()
                    .baseAfterGap(
                            position,
                            NOON.plusMillis(position.value()),
                            catalog(history.tables().toArray(Table[]::new)),
                            history.rows(),
                            "a test",
                            system);
        }
        told.naive().begin(system, position.value(), history);
    }

    private static List<Manifest> segments(Told told, EventfulHistory history) throws IOException {
        List<Manifest> segments = new ArrayList<>();
        for (int n = 2 + told.random().nextInt(5); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = told.random().nextInt(12); i >= 0; i--) {
                part.add(history.next());
            }
            part.forEach(told.naive()::add);
            part.forEach(transaction -> told.positions().add(transaction.position().value()));
            segments.add(told.written().segment(part));
        }
        return segments;
    }

    private Profile profile(Archive archive) throws IOException {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                "soft-delete: {%s: '%s'}%n"
                        .formatted(NaiveSearch.SOFT_DELETE_COLUMN, NaiveSearch.SOFT_DELETE_VALUE));
        return Profile.at(
                ProfileFile.read(file),
                archive.catalog(archive.state().newest().orElseThrow().catalog()));
    }

    private void ask(long seed, Told told) throws Exception {
        Archive archive = told.written().archive();
        Profile profile = profile(archive);
        Random random = told.random();
        List<Long> positions = told.positions();
        for (int n = 0; n < QUESTIONS; n++) {
            long one = positions.get(random.nextInt(positions.size()));
            long other = positions.get(random.nextInt(positions.size()));
            boolean isWhole = random.nextInt(3) == 0;
            long first = isWhole ? 0 : Math.min(one, other);
            long last = isWhole ? Long.MAX_VALUE : Math.max(one, other);
            SearchRequest request =
                    request(
                            random,
                            told.naive(),
                            isWhole ? Optional.empty() : Optional.of(first),
                            isWhole ? Optional.empty() : Optional.of(last));
            String what = "seed %d, question %d: %s".formatted(seed, n, request);
            Search search = new Search(archive, folder, profile, changes -> {});
            Optional<List<NaiveSearch.Answer>> expected =
                    new NaiveSearch(told.naive(), first, last).answer(request);
            if (expected.isPresent()) {
                compare(search.find(request, 100), expected.get(), what);
            } else {
                assertThatThrownBy(() -> search.find(request, 100))
                        .as(what)
                        .isInstanceOf(TidemarkException.class)
                        .hasMessageContaining(request.fields().column().orElseThrow());
            }
        }
    }

    private static SearchRequest request(
            Random random, NaiveChanges naive, Optional<Long> since, Optional<Long> until) {
        List<String> tables =
                naive.shapes().stream()
                        .map(one -> one.table.displayName())
                        .distinct()
                        .sorted()
                        .toList();
        Optional<String> table =
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(tables.get(random.nextInt(tables.size())));
        return new SearchRequest(
                table,
                fields(random),
                random.nextInt(3) == 0
                        ? Set.of(
                                List.of(ChangeKind.values())
                                        .get(random.nextInt(ChangeKind.values().length)))
                        : Set.of(),
                Optional.empty(),
                since.map(position -> new Moment.AtPosition(at(position))),
                until.map(position -> new Moment.AtPosition(at(position))),
                1_000);
    }

    private static FieldQuestion fields(Random random) {
        Optional<String> column = Optional.of("c" + (1 + random.nextInt(6)));
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

    private void compare(Found answer, List<NaiveSearch.Answer> expected, String what) {
        List<String> told = expected.stream().map(NaiveSearch.Answer::told).toList();
        List<String> rows = answer.rows().stream().map(RandomSearchTest::told).toList();
        found += rows.size();
        assertThat(answer.changes()).as(what).isEqualTo(rows.size());
        assertThat(answer.counts().stream().mapToLong(FoundCount::changes).sum())
                .as(what)
                .isEqualTo(rows.size());
        long missing = noted(answer, " may answer too");
        long unclear = noted(answer, " shown as UPDATE");
        if (missing + unclear == 0) {
            exact++;
            assertThat(rows).as(what).isEqualTo(told);
            for (int i = 0; i < rows.size(); i++) {
                compareFields(answer.rows().get(i), expected.get(i).change(), what);
            }
        } else {
            List<String> left = new ArrayList<>(told);
            long others = rows.stream().filter(row -> !left.remove(row)).count();
            String both = "%s: %s for %s, %s".formatted(what, rows, told, answer.notes());
            assertThat(others).as(both).isLessThanOrEqualTo(unclear);
            assertThat((long) left.size()).as(both).isLessThanOrEqualTo(missing + unclear);
        }
    }

    private static String told(FoundChange row) {
        return row.position().value() + " " + row.table() + " " + row.operation();
    }

    /** The number that a note begins with. */
    private static long noted(Found answer, String words) {
        return answer.notes().stream()
                .filter(note -> note.contains(words))
                .mapToLong(note -> Long.parseLong(note.replaceFirst(" .*", "")))
                .sum();
    }

    private static void compareFields(FoundChange row, NaiveChanges.Known known, String what) {
        for (ChangedField field : row.fields()) {
            String at = "%s: %s %s".formatted(what, known.told(known.kind()), field);
            assertThat(value(field.after())).as(at).isEqualTo(known.is(field.column()));
            if (field.beforeKnown()) {
                assertThat(value(field.before())).as(at).isEqualTo(known.was(field.column()));
                assertThat(changed(known)).as(at).contains(field.column());
            }
        }
        assertThat(row.fields().stream().map(ChangedField::column).toList())
                .as(what + ": " + known.told(known.kind()))
                .containsAll(changed(known).stream().filter(name -> isShown(known, name)).toList());
    }

    private static List<String> changed(NaiveChanges.Known known) {
        return known.changed().stream().map(Column::name).toList();
    }

    private static boolean isShown(NaiveChanges.Known known, String column) {
        return known.after().isEmpty() || known.is(column).isKnown();
    }

    private static Value value(Optional<String> text) {
        return text.map(Value::text).orElse(Value.Mark.NULL);
    }
}
