package dev.tidemark.archiver.segment;

import dev.tidemark.archiver.consume.Standpoint;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random history, and a change log of it by captures that crash, repeat themselves and write on
 * after they were replaced. An offset is a place in the list of frames.
 */
final class DisturbedLog {
    static final Position START = new Position(100);

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Table TABLE = table("contacts").withVersion(1);

    /** A transaction as it really was, with the version that its changes belong to, in order. */
    record Truth(Position position, List<Entry> entries, List<Integer> versions) {}

    private final Random random;
    private final List<Truth> history = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private int version = 1;

    DisturbedLog(Random random, int transactions) {
        this.random = random;
        for (int i = 0; i < transactions; i++) {
            history.add(transaction(i));
        }
    }

    private static Table table(String name) {
        return Table.provisional(
                1,
                "public",
                name,
                List.of(Column.provisional(1, "id"), Column.provisional(2, "name")));
    }

    static Catalog catalog() {
        ServerSettings server =
                new ServerSettings(
                        180006,
                        "UTF8",
                        "C",
                        "C",
                        "c",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of());
        return new Catalog(server, List.of(TABLE), List.of());
    }

    List<Truth> history() {
        return history;
    }

    private Truth transaction(int number) {
        List<Entry> entries = new ArrayList<>();
        List<Integer> versions = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            if (random.nextInt(12) == 0) {
                version++;
                entries.add(
                        new Entry.Schema(
                                CatalogChange.ofTables(
                                                "ALTER TABLE", List.of(table("contacts" + version)))
                                        .json()));
                versions.add(0);
            } else {
                entries.add(row(number + "." + n));
                versions.add(version);
            }
        }
        return new Truth(new Position(110 + 10L * number), entries, versions);
    }

    private static Entry row(String text) {
        return new Entry.Row(
                1,
                Operation.INSERT,
                BeforeImage.NONE,
                List.of(),
                List.of(Value.text(text), Value.Mark.NULL));
    }

    /** Every transaction once, by one capture; the frames of each transaction, by its number. */
    Map<Integer, List<Integer>> writeClean() {
        Map<Integer, List<Integer>> places = new TreeMap<>();
        long session = openSession();
        for (int i = 0; i < history.size(); i++) {
            List<Integer> of = new ArrayList<>();
            for (Frame frame : framesOf(session, i)) {
                of.add(frames.size());
                frames.add(frame);
            }
            places.put(i, of);
        }
        return places;
    }

    /** Every transaction at least once, by many captures. */
    List<Frame> writeDisturbed() {
        long session = openSession();
        int next = 0;
        while (next < history.size()) {
            List<Frame> whole = framesOf(session, next);
            if (random.nextInt(4) > 0) {
                frames.addAll(whole);
                next++;
                continue;
            }
            int written = random.nextInt(whole.size());
            frames.addAll(whole.subList(0, written));
            long zombie = session;
            session = openSession();
            next = Math.max(0, next - random.nextInt(3));
            next = interleave(whole.subList(written, whole.size()), zombie, session, next);
        }
        return frames;
    }

    /** The replaced capture goes on, record by record between those of the new one. */
    private int interleave(List<Frame> rest, long zombie, long session, int next) {
        List<Frame> late = new ArrayList<>();
        if (random.nextBoolean()) {
            late.addAll(rest);
            late.addAll(framesOf(zombie, random.nextInt(history.size())));
        }
        for (Frame frame : framesOf(session, next)) {
            while (!late.isEmpty() && random.nextBoolean()) {
                frames.add(late.removeFirst());
            }
            frames.add(frame);
        }
        frames.addAll(late);
        return next + 1;
    }

    List<Frame> frames() {
        return frames;
    }

    /** Where an archive of this log's source stands. */
    static Standpoint standpoint(Position end, long session) {
        return new Standpoint(end, session, "7001", 1, "crm");
    }

    private long openSession() {
        Entry session = new Entry.Session("id", "crm", "7001", 1, "crm", "18.6", "host/1", NOON);
        frames.add(new Frame(Frame.OPENING, START, List.of(session)));
        return frames.size() - 1L;
    }

    private List<Frame> framesOf(long session, int number) {
        Truth truth = history.get(number);
        Position previous = number == 0 ? START : history.get(number - 1).position();
        List<Entry> all = new ArrayList<>();
        all.add(new Entry.Begin(previous, number, NOON));
        all.addAll(truth.entries());
        all.add(new Entry.End(truth.position(), NOON, truth.entries().size()));
        List<Frame> split = new ArrayList<>();
        int from = 0;
        while (from < all.size()) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(all.size()));
            split.add(new Frame(session, previous, all.subList(from, to)));
            from = to;
        }
        return split;
    }
}
