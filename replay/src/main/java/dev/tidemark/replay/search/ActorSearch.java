package dev.tidemark.replay.search;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.history.UserNames;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/** Finds what somebody did, and who did anything, within a window. For one thread. */
public final class ActorSearch {
    private static final int NAMES_MAX = 5; // more would not be read

    private final SegmentScan.Reading reading;
    private final Profile profile;

    /**
     * @param temporary a folder for files while they are read
     * @param profile says whom rows name, and what counts as deleted
     * @param progress hears of changes that were read, again and again
     */
    public ActorSearch(Archive archive, Path temporary, Profile profile, LongConsumer progress) {
        this.reading = new SegmentScan.Reading(archive, temporary, progress);
        this.profile = profile;
    }

    private record Searched(
            Window window, Asked asked, WindowSearch search, Committals committals) {
        List<FoundCount> counts(Actor.Known known) throws IOException {
            Tally tally = search.tally(known);
            return tally.counts(committals.times(tally), asked.lives());
        }

        List<String> notes() {
            List<String> notes = new ArrayList<>(window.holes());
            notes.addAll(asked.notes());
            notes.addAll(search.notes());
            return notes;
        }

        void each(Committals.Sink sink) throws IOException {
            for (Window.Part part : window.parts()) {
                committals.each(search.deeds(), part.number(), sink);
            }
        }
    }

    private Searched search(SearchRequest request) throws IOException {
        Window window =
                Window.of(reading.archive(), reading.temporary(), request.since(), request.until());
        Asked asked = Asked.of(reading, window, request, profile);
        WindowSearch search =
                new WindowSearch(
                        reading,
                        window,
                        asked.questions(),
                        WindowSearch.Apart.ACTORS,
                        new Newest(1));
        search.run();
        return new Searched(window, asked, search, new Committals(reading, window));
    }

    /**
     * What one did.
     *
     * @param request with an actor
     * @throws TidemarkException when there is no such table, or a moment is not in the archive
     */
    public ActorAnswer who(SearchRequest request) throws IOException {
        String actor = request.actor().orElseThrow();
        Searched searched = search(request);
        Deque<ActorTransaction> newest = new ArrayDeque<>();
        int[] count = {0};
        searched.each(
                (transaction, by, done) -> {
                    count[0]++;
                    newest.addFirst(shown(transaction, by, done));
                    if (newest.size() > request.shownMax()) {
                        newest.removeLast();
                    }
                });
        return new ActorAnswer(
                actor,
                displayName(searched),
                searched.counts(Actor.Known.SAID),
                searched.counts(Actor.Known.CLAIMED),
                List.copyOf(newest),
                newest.size() < count[0],
                count[0] > 0 ? List.of() : nearest(actor, searched.search().actors()),
                searched.notes());
    }

    private Optional<String> displayName(Searched searched) throws IOException {
        List<Newest.Kept> newest = searched.search().newest().inOrder();
        searched.committals().prepare(newest.stream().map(kept -> kept.change().place()).toList());
        UserNames users = UserNames.by(profile, reading.archive(), reading.temporary());
        return searched.committals().actors(newest, users).values().stream()
                .flatMap(by -> by.displayName().stream())
                .findFirst();
    }

    private static ActorTransaction shown(Committed transaction, Actor by, Deeds.Done done) {
        Map<List<String>, Long> did = new LinkedHashMap<>();
        for (int i = 0; i < done.shapes().size(); i++) {
            Deeds.Shape shape = done.shapes().get(i);
            did.merge(
                    List.of(shape.table(), shape.kind().toString()),
                    done.changes().get(i),
                    Long::sum);
        }
        return new ActorTransaction(
                transaction.commitTime(),
                transaction.position(),
                transaction.xid(),
                by.known(),
                by.said().flatMap(TransactionContext::reason),
                by.said().flatMap(TransactionContext::request),
                did.entrySet().stream()
                        .map(
                                one ->
                                        new ActorTransaction.Did(
                                                one.getKey().get(0),
                                                one.getKey().get(1),
                                                one.getValue()))
                        .toList());
    }

    private static List<String> nearest(String actor, Set<String> known) {
        return known.stream()
                .sorted(
                        Comparator.comparingInt((String name) -> distance(actor, name))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(NAMES_MAX)
                .toList();
    }

    /** To the name, or to what comes before the host of an address. */
    private static int distance(String wanted, String name) {
        String plain = wanted.toLowerCase(Locale.ROOT);
        String folded = name.toLowerCase(Locale.ROOT);
        String user = folded.replaceFirst("@.*", "");
        return Math.min(Nearest.edits(plain, folded), Nearest.edits(plain, user));
    }

    /** Who did how much. */
    private static final class Work {
        final Committed first;
        Committed last;
        Deeds.Done did; // in the last
        long transactions;
        long changes;

        Work(Committed first, Deeds.Done did) {
            this.first = first;
            this.last = first;
            this.did = did;
        }

        void add(Committed transaction, Deeds.Done done) {
            transactions += transactions == 0 || !transaction.equals(last) ? 1 : 0;
            last = transaction;
            did = done;
            changes += done.all();
        }
    }

    private record Person(Optional<String> name, Actor.Known known) {
        /** By which those with as many changes are in order. */
        @Override
        public String toString() {
            return new Actor(name, known, Optional.empty(), Optional.empty()).toString();
        }
    }

    /**
     * Who did anything.
     *
     * @param request without an actor
     * @throws TidemarkException when there is no such table, or a moment is not in the archive
     */
    public ActingPeople all(SearchRequest request) throws IOException {
        Searched searched = search(request);
        Map<Person, Work> works = new LinkedHashMap<>();
        searched.each(
                (transaction, by, done) ->
                        works.computeIfAbsent(
                                        new Person(by.name(), by.known()),
                                        first -> new Work(transaction, done))
                                .add(transaction, done));
        List<Map.Entry<Person, Work>> all =
                works.entrySet().stream()
                        .sorted(
                                Comparator.comparingLong(
                                                (Map.Entry<Person, Work> one) ->
                                                        one.getValue().changes)
                                        .reversed()
                                        .thenComparing(one -> one.getKey().toString()))
                        .toList();
        List<Map.Entry<Person, Work>> shown =
                all.subList(0, Math.min(request.shownMax(), all.size()));
        return new ActingPeople(
                people(searched, shown), shown.size() < all.size(), searched.notes());
    }

    private List<ActingPeople.One> people(Searched searched, List<Map.Entry<Person, Work>> works)
            throws IOException {
        Map<Person, UserNames.Acting> acting = new HashMap<>();
        works.forEach(
                one ->
                        one.getKey()
                                .name()
                                .map(name -> acting(searched, name, one.getValue()))
                                .ifPresent(as -> acting.put(one.getKey(), as)));
        Map<UserNames.Acting, String> names =
                UserNames.by(profile, reading.archive(), reading.temporary())
                        .of(Set.copyOf(acting.values()));
        return works.stream()
                .map(
                        one ->
                                one(
                                        one.getKey(),
                                        Optional.ofNullable(acting.get(one.getKey()))
                                                .map(names::get),
                                        one.getValue()))
                .toList();
    }

    private UserNames.Acting acting(Searched searched, String name, Work work) {
        return new UserNames.Acting(
                name,
                searched.search().deeds().table(work.did.shapes().getFirst()),
                searched.window().stretch(reading.archive(), work.did.of().part()),
                work.last.position());
    }

    private static ActingPeople.One one(Person person, Optional<String> displayName, Work work) {
        return new ActingPeople.One(
                person.name(),
                person.known(),
                displayName,
                work.transactions,
                work.changes,
                work.first.commitTime(),
                work.last.commitTime());
    }
}
