package dev.tidemark.archiver.base;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.archive.store.FaultyObjectStore;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base that was cut off is gone on with, and is the one that it would have been. */
class ResumedBaseTest {
    private static final int SEEDS = 4;
    private static final int ROWS_MAX = 6;
    private static final Clock CLOCK = at(NOON);
    private static final Making MAKING =
            new Making(Long.MAX_VALUE, new PartLimits(1 << 20, 2, 1 << 20, 3), Duration.ZERO);

    @TempDir Path folder;

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private static Table deal(long id) {
        return table(id, "t" + id, List.of(1), List.of(column(1, "id"), column(2, "v")));
    }

    /** An archive of some tables, in each of which something changed, or nothing. */
    private WrittenArchive written(ObjectStore store, KeyChain keys, Random random)
            throws IOException {
        var archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY, keys), folder);
        List<Table> tables = new ArrayList<>();
        Map<Long, List<List<Value>>> rows = new HashMap<>();
        for (long id = 1; id <= 2 + random.nextInt(4); id++) {
            tables.add(deal(id));
            List<List<Value>> there = new ArrayList<>();
            for (int n = 0; n < random.nextInt(ROWS_MAX); n++) {
                there.add(row("" + n, "a" + random.nextInt(ROWS_MAX)));
            }
            rows.put(id, there);
        }
        archiver.base(Samples.at(1), NOON, catalog(tables.toArray(Table[]::new)), rows);
        List<Entry> entries = new ArrayList<>();
        for (Table table : tables) {
            for (int n = 0; n < random.nextInt(ROWS_MAX); n++) {
                entries.add(insert(table.id(), "1" + n));
            }
        }
        archiver.segment(List.of(new Transaction(Samples.at(16), 16, NOON, entries)));
        return archiver;
    }

    private static Entry insert(long table, String key) {
        return new Entry.Row(
                table, Operation.INSERT, BeforeImage.NONE, List.of(), row(key, "v" + key));
    }

    /** Every call of making a base is the last one of its process in some round. */
    @Test
    void whereverItIsCutOffTheNextOneFinishesIt() throws IOException {
        for (int seed = 1; seed <= SEEDS; seed++) {
            KeyChain keys = seed % 2 == 0 ? Samples.KEYS : KeyChain.EMPTY;
            var start = new MemoryObjectStore();
            WrittenArchive unused = written(start, keys, new Random(seed));
            int call = 1;
            int goneOnWith = 0;
            for (boolean hasFailed = true; hasFailed; call++) {
                Fault fault = call % 2 == 0 ? Fault.DEAD_AFTER : Fault.DEAD_BEFORE;
                MemoryObjectStore store = copy(start);
                var faulty = new FaultyObjectStore(store, call, fault);
                cutOff(faulty, keys);
                hasFailed = faulty.hasFailed();
                Optional<Manifest> soFar = Archive.open(store, keys).state().unfinishedBase();
                goneOnWith += soFar.isPresent() ? 1 : 0;
                check(start, store, keys, soFar, new Random(seed * 1_000L + call));
            }
            assertThat(goneOnWith).describedAs("failed at seed %d", seed).isPositive();
        }
    }

    private static MemoryObjectStore copy(ObjectStore store) throws IOException {
        var copy = new MemoryObjectStore();
        for (String name : store.list("", "", 1_000)) {
            copy.putIfAbsent(name, store.get(name));
        }
        return copy;
    }

    private void cutOff(ObjectStore store, KeyChain keys) throws IOException {
        try {
            Optional<Manifest> unused = made(store, keys, CLOCK);
        } catch (IOException | TidemarkException e) {
            assertThat(TidemarkException.reason(e)).contains("injected failure");
        }
    }

    private Optional<Manifest> made(ObjectStore store, KeyChain keys, Clock clock)
            throws IOException {
        Path own = Files.createTempDirectory(folder, "making");
        Optional<FoldedBase> base = FoldedBase.begin(Archive.open(store, keys), own, MAKING, clock);
        return base.isEmpty()
                ? Optional.empty()
                : Optional.of(base.get().run(FoldedBase.Progress.NONE).manifest());
    }

    private void check(
            MemoryObjectStore start,
            MemoryObjectStore store,
            KeyChain keys,
            Optional<Manifest> soFar,
            Random random)
            throws IOException {
        List<String> before = store.list("data/", "", 1_000);
        if (random.nextBoolean()) {
            // Once more, with what was finished in between.
            cutOff(new FaultyObjectStore(store, 4 + random.nextInt(12), Fault.DEAD_BEFORE), keys);
        }

        Optional<Manifest> made = made(store, keys, CLOCK);

        Archive archive = Archive.open(store, keys);
        Manifest base = archive.state().foldedBases().getLast();
        assertThat(made.isEmpty() || made.get().equals(base)).isTrue();
        assertThat(content(archive, base)).isEqualTo(content(inOneGo(start, keys)));
        if (soFar.isPresent()) {
            Set<Long> finished = tables(soFar.get().files());
            assertThat(base.files()).containsAll(soFar.get().files());
            assertThat(archive.state().unfinishedBase()).isEmpty();
            assertThat(store.list("data/", "", 1_000))
                    .filteredOn(name -> !before.contains(name))
                    .noneMatch(
                            name ->
                                    finished.stream()
                                            .anyMatch(id -> name.contains("/" + id + "-1-")));
        }
    }

    private Archive inOneGo(ObjectStore start, KeyChain keys) throws IOException {
        MemoryObjectStore store = copy(start);
        Optional<Manifest> unused = made(store, keys, CLOCK);
        return Archive.open(store, keys);
    }

    private List<String> content(Archive archive) throws IOException {
        return content(archive, archive.state().foldedBases().getLast());
    }

    /** What each file has. */
    private List<String> content(Archive archive, Manifest base) throws IOException {
        List<String> all = new ArrayList<>(List.of("as of " + base.span()));
        for (FileRef file : base.files()) {
            Path local = archive.fetch(file, folder);
            if (file.kind() == FileRef.Kind.BASE) {
                try (BaseReader rows = BaseReader.open(local, 2)) {
                    String part = "%d %d".formatted(file.table(), file.version());
                    rows.forEachRemaining(row -> all.add(part + " " + row));
                }
            } else {
                all.add(archive.catalog(file).toString());
            }
            Files.delete(local);
        }
        all.sort(naturalOrder());
        return all;
    }

    private static Set<Long> tables(List<FileRef> files) {
        return files.stream().map(FileRef::table).collect(Collectors.toCollection(TreeSet::new));
    }

    /** One of several tables of which only some are finished. */
    private WrittenArchive unfinished(MemoryObjectStore store) throws IOException {
        var start = new MemoryObjectStore();
        WrittenArchive unused = written(start, KeyChain.EMPTY, new Random(1));
        Optional<Manifest> soFar = Optional.empty();
        for (int call = 1; soFar.isEmpty(); call++) {
            for (String name : store.list("", "", 1_000)) {
                store.delete(name);
            }
            for (String name : start.list("", "", 1_000)) {
                store.putIfAbsent(name, start.get(name));
            }
            cutOff(new FaultyObjectStore(store, call, Fault.DEAD_BEFORE), KeyChain.EMPTY);
            soFar = Archive.open(store).state().unfinishedBase();
        }
        return new WrittenArchive(Archive.open(store), folder);
    }

    private static void goOn(WrittenArchive archiver) throws IOException {
        Manifest newest = archiver.archive().state().newest().orElseThrow();
        archiver.segment(newest.span().to(), List.of(Transaction.empty(32, NOON.plusSeconds(1))));
    }

    @Test
    void itStaysAsOfTheSamePlaceWhileTheArchiveGoesOn() throws IOException {
        var store = new MemoryObjectStore();
        WrittenArchive archiver = unfinished(store);
        goOn(archiver);

        Optional<FoldedBase> base = FoldedBase.begin(Archive.open(store), folder, MAKING, CLOCK);

        FoldedBase.GoesOn goesOn = base.orElseThrow().goesOn().orElseThrow();
        assertThat(goesOn).isEqualTo(new FoldedBase.GoesOn(NOON, 1, goesOn.tables()));
        assertThat(goesOn.tables()).isGreaterThan(1);
        assertThat(base.get().run(FoldedBase.Progress.NONE).manifest().span().to())
                .isEqualTo(Samples.at(16));
        assertThat(made(store, KeyChain.EMPTY, CLOCK).orElseThrow().span().to())
                .isEqualTo(Samples.at(32));
    }

    @Test
    void afterADayItIsOneOfTheArchivesEndAndNothingOfItIsLeft() throws IOException {
        var store = new MemoryObjectStore();
        goOn(unfinished(store));

        Manifest made =
                made(store, KeyChain.EMPTY, at(NOON.plus(Duration.ofHours(25)))).orElseThrow();

        assertThat(made.span().to()).isEqualTo(Samples.at(32));
        Archive archive = Archive.open(store);
        assertThat(archive.state().unfinishedBase()).isEmpty();
        assertThat(archive.state().namesAll(made.files())).isTrue();
        assertThat(store.list("data/", "", 1_000)).hasSize(named(archive));
    }

    private static int named(Archive archive) {
        Set<String> names = new TreeSet<>();
        archive.state()
                .manifests()
                .forEach(one -> archive.state().filesOf(one).forEach(f -> names.add(f.name())));
        return names.size();
    }

    @Test
    void whatTheSourceToldSinceEndsIt() throws IOException {
        var store = new MemoryObjectStore();
        WrittenArchive archiver = unfinished(store);
        archiver.baseAfterGap(
                Samples.at(40),
                NOON,
                catalog(deal(1)),
                Map.of(1L, List.of(row("9", "z"))),
                "moved");

        assertThat(Archive.open(store).state().unfinishedBase()).isEmpty();
        assertThat(made(store, KeyChain.EMPTY, CLOCK)).isEmpty();
    }

    @Test
    void whoGoesOnWithOneThatIsStillAtWorkIsPublished() throws IOException {
        var store = new MemoryObjectStore();
        WrittenArchive unused = written(store, KeyChain.EMPTY, new Random(1));
        FoldedBase first =
                FoldedBase.begin(Archive.open(store), folder, MAKING, CLOCK).orElseThrow();
        List<Manifest> others = new ArrayList<>();

        assertThatThrownBy(() -> first.run(new Meanwhile(() -> others.addAll(second(store)))))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("another process began to make a base of the archive ");

        Archive archive = Archive.open(store);
        assertThat(archive.state().foldedBases()).isEqualTo(others).hasSize(1);
        assertThat(content(archive)).isNotEmpty();
    }

    /** Another base, if the archive has something of the first one. */
    private List<Manifest> second(ObjectStore store) throws IOException {
        return Archive.open(store).state().unfinishedBase().isEmpty()
                ? List.of()
                : made(store, KeyChain.EMPTY, CLOCK).stream().toList();
    }

    /** Does something each time that rows were written. */
    private record Meanwhile(Step step) implements FoldedBase.Progress {
        interface Step {
            void run() throws IOException;
        }

        @Override
        public void read(long changes) {}

        @Override
        public void wrote(long rows) {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
