package dev.tidemark.archive.manifest;

import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds and deletes data files that count for nothing: those that were never published, and those
 * that nobody needs any more. For one thread.
 */
final class Garbage {
    private static final int NAMES_MAX = 1_000; // what S3 gives per request

    /** A process that broke off left folders of the numbers that were next then: not far back. */
    private static final long NUMBERS_BACK = 1_000;

    private static final List<Manifest.Kind> BEGUN =
            List.of(
                    Manifest.Kind.TABLE_BASE_BEGUN,
                    Manifest.Kind.FOLDED_BASE_BEGUN,
                    Manifest.Kind.MERGED_SEGMENT_BEGUN);

    private final ObjectStore store;

    Garbage(ObjectStore store) {
        this.store = store;
    }

    /** Who uploads, perhaps, files into folders of numbers after one. */
    private record AtWork(String writer, long since) {
        boolean uploads(String name) {
            return name.contains("-" + writer + "/")
                    && name.compareTo(Manifest.folderPrefix(since + 1)) >= 0;
        }
    }

    /** Deletes what lies in folders of the newest decided numbers and is named by no manifest. */
    int collectNew(ArchiveState state, String own) throws IOException {
        List<AtWork> atWork = atWork(state, own);
        Set<String> named = named(state);
        int deleted = 0;
        for (Manifest.Kind begun : BEGUN) {
            deleted += collectBroken(state, begun, named, atWork);
        }
        String after = Manifest.folderPrefix(Math.max(0, state.last() - NUMBERS_BACK));
        return deleted + collect(after, state, named, atWork);
    }

    /** Deletes what no manifest names any more, however long ago it was published. */
    int collectOld(ArchiveState state, String own) throws IOException {
        return collect("", state, named(state), atWork(state, own));
    }

    private int collect(String begin, ArchiveState state, Set<String> named, List<AtWork> atWork)
            throws IOException {
        String undecided = Manifest.folderPrefix(state.last() + 1);
        int deleted = 0;
        for (String after = begin; ; ) {
            List<String> names = store.list("data/", after, NAMES_MAX);
            if (names.isEmpty()) {
                return deleted;
            }
            for (String name : names) {
                boolean isDecided = name.compareTo(undecided) < 0;
                deleted += isDecided && delete(name, named, atWork) ? 1 : 0;
            }
            after = names.getLast();
        }
    }

    /** What one who began bases and was followed by another left, however long ago that was. */
    private int collectBroken(
            ArchiveState state, Manifest.Kind begun, Set<String> named, List<AtWork> atWork)
            throws IOException {
        List<Manifest> all = state.manifests().stream().filter(one -> one.kind() == begun).toList();
        if (all.size() < 2) {
            return 0;
        }
        Manifest before = all.get(all.size() - 2);
        int deleted = 0;
        String folder = Manifest.folder(before.number() + 1, before.writer());
        for (String after = ""; ; ) {
            List<String> names = store.list(folder, after, NAMES_MAX);
            if (names.isEmpty()) {
                return deleted;
            }
            for (String name : names) {
                deleted += delete(name, named, atWork) ? 1 : 0;
            }
            after = names.getLast();
        }
    }

    /** Deletes it unless it is needed. */
    private boolean delete(String name, Set<String> named, List<AtWork> atWork) throws IOException {
        if (named.contains(name) || atWork.stream().anyMatch(one -> one.uploads(name))) {
            return false;
        }
        store.delete(name);
        return true;
    }

    /**
     * Those who began last. What they uploaded before that is decided, and so is what this writer
     * did, if it said ever that it begins.
     */
    private static List<AtWork> atWork(ArchiveState state, String own) {
        List<AtWork> atWork = new ArrayList<>();
        for (Manifest.Kind kind : BEGUN) {
            newest(state, kind)
                    .map(begun -> new AtWork(begun.writer(), begun.number()))
                    .ifPresent(atWork::add);
        }
        if (atWork.stream().noneMatch(one -> one.writer().equals(own))) {
            atWork.add(new AtWork(own, -1));
        }
        return atWork;
    }

    private static Optional<Manifest> newest(ArchiveState state, Manifest.Kind kind) {
        return state.manifests().reversed().stream()
                .filter(manifest -> manifest.kind() == kind)
                .findFirst();
    }

    /** What is in force, and what readers of an older state may still read. */
    private static Set<String> named(ArchiveState state) {
        return state.named().collect(Collectors.toSet());
    }

    /** Deletes all that was ever uploaded. */
    void discardAll() throws IOException {
        for (List<String> names = store.list("data/", "", NAMES_MAX);
                !names.isEmpty();
                names = store.list("data/", names.getLast(), NAMES_MAX)) {
            for (String name : names) {
                store.delete(name);
            }
        }
    }
}
