package dev.tidemark.replay.search;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.UserNames;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Finds changes by what they are, over all tables or one, within a window. Reads of the archive
 * only the columns that the question needs, and the changes that are shown once more as a whole.
 * For one thread.
 */
public final class Search {
    private final SegmentScan.Reading reading;
    private final Profile profile;

    /**
     * @param temporary a folder for files while they are read
     * @param profile says what counts as deleted, how rows are called, and whom they name
     * @param progress hears of changes that were read, again and again
     */
    public Search(Archive archive, Path temporary, Profile profile, LongConsumer progress) {
        this.reading = new SegmentScan.Reading(archive, temporary, progress);
        this.profile = profile;
    }

    /**
     * What answers.
     *
     * @param incidentsMax at most so many incidents
     * @throws TidemarkException when there is no such table or column, a value is none of the
     *     column's type, or a moment is not in the archive
     */
    public Found find(SearchRequest request, int incidentsMax) throws IOException {
        Window window =
                Window.of(reading.archive(), reading.temporary(), request.since(), request.until());
        Asked asked = Asked.of(reading, window, request, profile);
        WindowSearch search =
                new WindowSearch(
                        reading,
                        window,
                        asked.questions(),
                        WindowSearch.Apart.NOTHING,
                        new Newest(request.shownMax()));
        search.run();
        Committals committals = new Committals(reading, window);
        Tally tally = search.tally(Actor.Known.UNKNOWN);
        List<String> notes = new ArrayList<>(window.holes());
        notes.addAll(asked.notes());
        notes.addAll(search.notes());
        Shown shown = new Shown(window, asked.lives(), committals);
        List<FoundChange> rows = shown(shown, search.newest().inOrder());
        return new Found(
                tally.changes(),
                tally.counts(committals.times(tally), asked.lives()),
                incidents(window, committals, search.deeds(), incidentsMax),
                rows,
                rows.size() < tally.changes(),
                notes);
    }

    private static List<Incident> incidents(
            Window window, Committals committals, Deeds deeds, int max) throws IOException {
        Bursts bursts = new Bursts();
        int stretch = 0;
        for (Window.Part part : window.parts()) {
            if (part.stretch() != stretch) {
                bursts.endAll();
                stretch = part.stretch();
            }
            committals.each(deeds, part.number(), bursts::add);
        }
        return bursts.largest(max);
    }

    /** By what changes that are shown are told of. */
    private record Shown(Window window, Lives lives, Committals committals) {
        Optional<Integer> life(ScannedChange change) {
            return lives.of(window.parts().get(change.place().part()).stretch(), change.table());
        }
    }

    private List<FoundChange> shown(Shown by, List<Newest.Kept> newest) throws IOException {
        Committals committals = by.committals();
        Map<Place, ScannedChange> whole =
                new ShownRows(reading, by.window())
                        .read(newest.stream().map(Newest.Kept::change).toList());
        committals.prepare(newest.stream().map(kept -> kept.change().place()).toList());
        UserNames users = UserNames.by(profile, reading.archive(), reading.temporary());
        Map<Place, Actor> actors = committals.actors(newest, users);
        List<FoundChange> shown = new ArrayList<>();
        for (Newest.Kept kept : newest) {
            Place place = kept.change().place();
            shown.add(
                    found(
                            new Newest.Kept(
                                    whole.getOrDefault(place, kept.change()),
                                    kept.kind(),
                                    kept.claim()),
                            by,
                            actors.getOrDefault(place, Actor.UNKNOWN)));
        }
        return shown;
    }

    private FoundChange found(Newest.Kept kept, Shown by, Actor actor) {
        ScannedChange change = kept.change();
        Committed transaction = by.committals().of(change.place());
        Table table = change.table();
        List<Value> key = table.key().isEmpty() ? List.of() : WindowSearch.key(change);
        return new FoundChange(
                transaction.commitTime(),
                transaction.position(),
                transaction.xid(),
                actor,
                table.displayName(),
                by.life(change),
                key.stream().map(Value::toString).toList(),
                profile.of(table)
                        .displayName()
                        .filter(name -> !change.row().isEmpty())
                        .flatMap(name -> name.of(RowFields.of(table, change.row()))),
                kept.kind().toString(),
                fields(change));
    }

    private static List<ChangedField> fields(ScannedChange change) {
        List<ChangedField> fields = new ArrayList<>();
        List<Column> columns = change.table().stored();
        for (int i = 0; i < columns.size() && !change.row().isEmpty(); i++) {
            Value was = change.before().isEmpty() ? Value.Mark.NULL : change.before().get(i);
            Value is = change.after().isEmpty() ? Value.Mark.NULL : change.after().get(i);
            boolean isGone = change.after().isEmpty();
            if (isGone ? was != Value.Mark.NULL : is.isKnown() && !is.equals(was)) {
                fields.addAll(ChangedField.of(columns.get(i), was, is));
            }
        }
        return fields;
    }
}
