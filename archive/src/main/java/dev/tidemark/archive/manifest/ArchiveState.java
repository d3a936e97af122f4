package dev.tidemark.archive.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all manifests up to one add up to. Immutable.
 *
 * @param last the number of the newest manifest; −1 for none
 * @param hash the SHA-256 in hex of that manifest
 * @param manifests those in force, by number ascending
 */
public record ArchiveState(long last, String hash, List<Manifest> manifests) {
    /** Nothing yet. */
    public static final ArchiveState EMPTY = new ArchiveState(-1, "", List.of());

    public ArchiveState {
        manifests = List.copyOf(manifests);
    }

    /** The state after further manifests, in order. */
    ArchiveState with(List<Manifest> more, String newHash) {
        List<Manifest> all = new ArrayList<>(manifests);
        all.addAll(more);
        return new ArchiveState(all.getLast().number(), newHash, all);
    }

    /**
     * The newest manifest that says how far the archive is; none in an archive whose first base is
     * not finished.
     */
    public Optional<Manifest> newest() {
        return manifests.reversed().stream().filter(Manifest::advances).findFirst();
    }

    /**
     * The catalog at the end of that one. A base of a table may have said since that the table's
     * rows are known.
     */
    public Optional<FileRef> catalog() {
        return manifests.isEmpty() ? Optional.empty() : Optional.of(manifests.getLast().catalog());
    }

    /** Bases of single tables, by number ascending. */
    public List<Manifest> tableBases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.TABLE_BASE)
                .toList();
    }

    /** The one who began last to upload bases of single tables: only he may publish them. */
    public Optional<String> tableBaseWriter() {
        return manifests.reversed().stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.TABLE_BASE_BEGUN)
                .map(Manifest::writer)
                .findFirst();
    }

    public List<Manifest> bases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.BASE)
                .toList();
    }

    public List<Manifest> segments() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.SEGMENT)
                .toList();
    }
}
