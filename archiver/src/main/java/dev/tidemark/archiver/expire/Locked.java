package dev.tidemark.archiver.expire;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What goes and is still there afterwards, since the storage has locked it: it is reckoned from
 * when manifests named the files, and the storage is not asked.
 *
 * @param until when the last of them is free
 */
public record Locked(long files, long bytes, Instant until) {
    /**
     * Of the files of some manifests.
     *
     * @param stay files that others name
     * @param retain how long the storage locks what is written
     */
    static Optional<Locked> of(
            List<Manifest> gone, Set<FileRef> stay, Duration retain, Instant now) {
        Map<FileRef, Instant> locked = new HashMap<>();
        for (Manifest manifest : gone) {
            Instant end = manifest.written().plus(retain);
            if (end.isAfter(now)) {
                manifest.files().stream()
                        .filter(file -> !stay.contains(file))
                        .forEach(file -> locked.merge(file, end, Locked::later));
            }
        }
        return locked.values().stream()
                .reduce(Locked::later)
                .map(
                        until ->
                                new Locked(
                                        locked.size(),
                                        locked.keySet().stream().mapToLong(FileRef::bytes).sum(),
                                        until));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
