package dev.tidemark.replay.search;

import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.history.UserNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Says when transactions were committed, and who acts in them. For one thread. */
final class Committals {
    /** Takes what one transaction did. */
    interface Sink {
        void take(Committed transaction, Actor actor, Deeds.Done done);
    }

    private final SegmentScan.Reading reading;
    private final Window window;
    private final Map<Integer, Map<Integer, Committed>> transactions = new HashMap<>();
    private final Map<Integer, Map<Integer, TransactionContext>> said = new HashMap<>();

    Committals(SegmentScan.Reading reading, Window window) {
        this.reading = reading;
        this.window = window;
    }

    /** Looks some up at once. */
    void prepare(List<Place> places) throws IOException {
        Map<Integer, SortedSet<Integer>> byPart = new TreeMap<>();
        for (Place place : places) {
            byPart.computeIfAbsent(place.part(), first -> new TreeSet<>()).add(place.transaction());
        }
        for (Map.Entry<Integer, SortedSet<Integer>> of : byPart.entrySet()) {
            add(transactions, of.getKey(), committed(of.getKey(), of.getValue()));
            add(said, of.getKey(), said(of.getKey(), of.getValue()));
        }
    }

    private static <T> void add(Map<Integer, Map<Integer, T>> to, int part, Map<Integer, T> more) {
        to.computeIfAbsent(part, first -> new HashMap<>()).putAll(more);
    }

    private Map<Integer, Committed> committed(int part, SortedSet<Integer> indexes)
            throws IOException {
        return window.transactions(reading.archive(), part, indexes, reading.temporary());
    }

    private Map<Integer, TransactionContext> said(int part, SortedSet<Integer> indexes)
            throws IOException {
        return window.said(reading.archive(), part, indexes, reading.temporary());
    }

    /** One that was looked up. */
    Committed of(Place place) {
        return Objects.requireNonNull(
                transactions.getOrDefault(place.part(), Map.of()).get(place.transaction()));
    }

    /** What was said in one that was looked up. */
    Optional<TransactionContext> said(Place place) {
        return Optional.ofNullable(
                said.getOrDefault(place.part(), Map.of()).get(place.transaction()));
    }

    /**
     * Who made some changes of transactions that were looked up, with what they were called then.
     *
     * @return by the changes' places
     */
    Map<Place, Actor> actors(List<Newest.Kept> changes, UserNames users) throws IOException {
        Map<Place, Actor> actors = new HashMap<>();
        Map<Place, UserNames.Acting> acting = new HashMap<>();
        for (Newest.Kept one : changes) {
            Place place = one.change().place();
            Actor actor = Actor.of(said(place), one.claim());
            actors.put(place, actor);
            int stretch = window.stretch(reading.archive(), place.part());
            actor.name()
                    .map(
                            name ->
                                    new UserNames.Acting(
                                            name,
                                            one.change().table(),
                                            stretch,
                                            of(place).position()))
                    .ifPresent(who -> acting.put(place, who));
        }
        Map<UserNames.Acting, String> names = users.of(new HashSet<>(acting.values()));
        acting.forEach(
                (place, who) ->
                        actors.computeIfPresent(
                                place,
                                (same, actor) ->
                                        actor.called(Optional.ofNullable(names.get(who)))));
        return actors;
    }

    /** When those of some counts were committed, each file being read once. */
    Times times(Tally tally) throws IOException {
        prepare(tally.places());
        return place -> of(place).commitTime();
    }

    /** What transactions of a segment did, in commit order. */
    void each(Deeds deeds, int part, Sink sink) throws IOException {
        SortedMap<Integer, List<Deeds.Done>> all = deeds.in(part);
        if (all.isEmpty()) {
            return;
        }
        TreeSet<Integer> indexes = new TreeSet<>(all.keySet());
        Map<Integer, Committed> committed = committed(part, indexes);
        Map<Integer, TransactionContext> contexts = said(part, indexes);
        for (Map.Entry<Integer, List<Deeds.Done>> of : all.entrySet()) {
            Committed transaction = Objects.requireNonNull(committed.get(of.getKey()));
            Optional<TransactionContext> context = Optional.ofNullable(contexts.get(of.getKey()));
            for (Deeds.Done done : together(of.getValue(), context)) {
                sink.take(transaction, Actor.of(context, done.of().claim()), done);
            }
        }
    }

    /** Where the application named somebody, it does not matter whom rows name. */
    private static List<Deeds.Done> together(
            List<Deeds.Done> all, Optional<TransactionContext> context) {
        if (context.flatMap(TransactionContext::actor).isEmpty()) {
            return new ArrayList<>(all);
        }
        return List.of(all.stream().reduce(Deeds.Done::with).orElseThrow());
    }
}
