package dev.tidemark.replay.search;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Goes through a window and keeps what answers a question. For one thread; used once. */
final class WindowSearch {
    /** Of the heap, for each: rows that are carried, changes that wait, transactions. */
    private static final int HEAP_PART = 8;

    private static final int WAITING_BYTES = 800; // of a change, besides its values
    private static final int VALUE_BYTES = 40; // besides its text
    private static final int NAMES_MAX = 10_000; // of actors, for the nearest names

    /** Which changes are counted apart from others. */
    enum Apart {
        NOTHING,
        /** By how their actors are known. */
        ACTORS
    }

    private final SegmentScan.Reading reading;
    private final Window window;
    private final List<Question> questions; // of the stretches
    private final Apart apart;
    private final Map<Place, Optional<String>> waitingSaid = new HashMap<>(); // of the stretch
    private final Map<Actor.Known, Tally> tallies = new HashMap<>();
    private final RowSet.Room rows = new RowSet.Room(memory());
    private final Deeds deeds = new Deeds(memory());
    private final Newest newest;
    private final Set<String> actors = new TreeSet<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<SaidActors> heard = Optional.empty(); // in the segment
    private long waitingBytes;
    private long unknown;
    private long unclear;
    private boolean isOverfull;

    /**
     * @param questions one for each stretch of the window
     * @param newest keeps what is shown
     */
    WindowSearch(
            SegmentScan.Reading reading,
            Window window,
            List<Question> questions,
            Apart apart,
            Newest newest) {
        this.reading = reading;
        this.window = window;
        this.questions = List.copyOf(questions);
        this.apart = apart;
        this.newest = newest;
    }

    private static long memory() {
        return Runtime.getRuntime().maxMemory() / HEAP_PART;
    }

    void run() throws IOException {
        for (int stretch = 0; stretch < window.stretches().size(); stretch++) {
            run(stretch, window.stretches().get(stretch));
        }
        if (unknown > 0) {
            notes.add(
                    "%d %s may answer too: what the rows were before is not known"
                            .formatted(unknown, unknown == 1 ? "change" : "changes"));
        }
        if (unclear > 0) {
            notes.add(
                    "%d %s shown as UPDATE and may be soft deletes or the reverse: what the rows were before is not known"
                            .formatted(unclear, unclear == 1 ? "change is" : "changes are"));
        }
        if (isOverfull) {
            notes.add(
                    "more rows changed than fit the memory, so that less is known of what they were before: ask for a shorter time or one table, or set TIDEMARK_HEAP");
        }
        if (deeds.isOverfull()) {
            notes.add(
                    "more transactions answer than fit the memory: those after the first are in the counts, but not among incidents and transactions");
        }
        if (tallies.values().stream().anyMatch(Tally::isOverfull)) {
            notes.add("more different rows answer than can be counted: there are at least so many");
        }
    }

    private void run(int stretch, Between between) throws IOException {
        Question question = questions.get(stretch);
        Window.Beginning beginning = Window.Beginning.of(between);
        LastRows last = new LastRows(beginning.added(), memory());
        StartRows start =
                new StartRows(
                        reading,
                        beginning,
                        change -> takeFound(question, change),
                        change -> takeUnknown(question, change));
        var catalog = CatalogWalk.after(reading.archive(), StretchShapes.start(between));
        List<Window.Part> parts =
                window.parts().stream().filter(part -> part.stretch() == stretch).toList();
        for (Window.Part part : parts) {
            if (question.needsActors() || apart == Apart.ACTORS) {
                hear(part);
            }
            SegmentScan.Course course =
                    new SegmentScan.Course(
                            part.number(),
                            part.of(),
                            catalog,
                            last,
                            part.number() < parts.getLast().number());
            new SegmentScan(reading, course, question, sink(question, start)).run();
        }
        isOverfull |= last.isOverfull();
        start.run();
        start.why().ifPresent(why -> notes.add("what rows were before is not known: " + why));
        waitingBytes = 0;
        waitingSaid.clear();
    }

    private void hear(Window.Part part) throws IOException {
        SaidActors said = SaidActors.read(reading.archive(), part, reading.temporary());
        heard = Optional.of(said);
        said.names().stream().limit(NAMES_MAX - actors.size()).forEach(actors::add);
    }

    private Optional<String> said(Place place) {
        if (heard.isPresent() && heard.get().part() == place.part()) {
            return heard.get().of(place.transaction());
        }
        return waitingSaid.isEmpty()
                ? Optional.empty()
                : waitingSaid.getOrDefault(place, Optional.empty());
    }

    private SegmentScan.Sink sink(Question question, StartRows start) {
        return new SegmentScan.Sink() {
            @Override
            public void take(ScannedChange change) throws IOException {
                WindowSearch.this.take(question, start, change);
            }

            @Override
            public void truncated(Place place, Table table) {
                if (question.isOfTruncates(said(place))) {
                    accept(
                            new ScannedChange(
                                    place,
                                    table,
                                    Operation.DELETE,
                                    List.of(),
                                    List.of(),
                                    Optional.empty()),
                            new Judgement(
                                    Verdict.YES, ChangeKind.TRUNCATE, Optional.empty(), List.of()));
                }
            }
        };
    }

    private void take(Question question, StartRows start, ScannedChange change) throws IOException {
        Judgement judgement = question.judge(change, said(change.place()));
        judgement.claim().filter(name -> actors.size() < NAMES_MAX).ifPresent(actors::add);
        switch (judgement.verdict()) {
            case YES -> accept(change, judgement);
            case NO -> {}
            case DEPENDS -> {
                waitingBytes += bytes(change);
                if (waitingBytes > memory()) {
                    isOverfull = true;
                    takeUnknown(question, change);
                } else {
                    if (heard.isPresent()) {
                        waitingSaid.put(change.place(), said(change.place()));
                    }
                    start.add(change);
                }
            }
        }
    }

    /** What it takes in memory, nearly; of values that it shares with others both count. */
    private static long bytes(ScannedChange change) {
        return WAITING_BYTES + bytes(change.before()) + bytes(change.after());
    }

    private static long bytes(List<Value> row) {
        long bytes = 0;
        for (Value field : row) {
            bytes += field instanceof Value.Mark ? 0 : VALUE_BYTES + field.bytes();
        }
        return bytes;
    }

    private void takeFound(Question question, ScannedChange change) {
        Judgement judgement = question.judge(change, said(change.place()));
        switch (judgement.verdict()) {
            case YES -> accept(change, judgement);
            case NO -> {}
            case DEPENDS -> takeUnknown(question, change);
        }
    }

    private void takeUnknown(Question question, ScannedChange change) {
        if (question.isTakenUnknown(change)) {
            unclear += question.isKindKnown(change) ? 0 : 1;
            accept(change, question.judge(change, said(change.place())));
        } else {
            unknown++;
        }
    }

    private void accept(ScannedChange change, Judgement judgement) {
        Place place = change.place();
        boolean isSaid = apart == Apart.ACTORS && said(place).isPresent();
        Judgement counted =
                isSaid
                        ? new Judgement(
                                judgement.verdict(),
                                judgement.kind(),
                                Optional.empty(),
                                judgement.columns())
                        : judgement;
        Actor.Known known =
                isSaid
                        ? Actor.Known.SAID
                        : apart == Apart.ACTORS && judgement.claim().isPresent()
                                ? Actor.Known.CLAIMED
                                : Actor.Known.UNKNOWN;
        tallies.computeIfAbsent(known, first -> new Tally(rows))
                .add(cluster(place), change.table(), judgement.kind(), place, key(change));
        deeds.add(place, change.table(), counted);
        newest.add(change, judgement.kind(), judgement.claim());
    }

    /** Tables have the same numbers in all stretches of a cluster. */
    private int cluster(Place place) {
        int stretch = window.parts().get(place.part()).stretch();
        String system = Window.system(reading, window.stretches().get(stretch).stretch());
        int first = 0;
        while (!Window.system(reading, window.stretches().get(first).stretch()).equals(system)) {
            first++;
        }
        return first;
    }

    /** What tells a row from others; of a table without a key all of it. */
    static List<Value> key(ScannedChange change) {
        return change.table().key().isEmpty()
                ? change.row()
                : change.row().isEmpty()
                        ? Collections.emptyList()
                        : KeyMove.fields(change.table(), change.row());
    }

    Tally tally(Actor.Known known) {
        return tallies.getOrDefault(known, new Tally(rows));
    }

    Deeds deeds() {
        return deeds;
    }

    Newest newest() {
        return newest;
    }

    /** Names of actors that it came across: all that were said, where it was asked who. */
    Set<String> actors() {
        return actors;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
