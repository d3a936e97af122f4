package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks at the texts of an archive before they are read, for what only a newer Tidemark
 * understands: an older one must neither guess nor write. Remembers what forbids writing. For one
 * thread.
 */
final class FutureGuard {
    private final String url;
    private Optional<TidemarkException> againstWriting = Optional.empty();

    FutureGuard(String url) {
        this.url = url;
    }

    /** What matters of a file that a manifest names. */
    private record File(String kind) {}

    /** What matters of a manifest, and of tidemark.json, whatever else is in it. */
    private record Step(
            int format, Optional<String> kind, Optional<Needs> needs, List<File> files) {}

    /** What matters of a checkpoint. */
    private record State(List<Step> manifests, List<Gone> replaced) {
        private record Gone(Step manifest) {}

        Stream<Step> steps() {
            return Stream.concat(manifests.stream(), replaced.stream().map(Gone::manifest));
        }
    }

    private record Beginning(int format, Optional<Needs> needs, Optional<State> state) {}

    /**
     * Is a manifest of a newer Tidemark?
     *
     * @return what to say then; empty for what this version reads, and for what nobody can
     */
    Optional<TidemarkException> tooNew(byte[] content, String name) {
        try {
            return tooNew(CanonicalJson.read(content, Step.class, name), name);
        } catch (TidemarkException e) {
            return Optional.empty(); // it is damaged, which its reader tells
        }
    }

    /** The same for tidemark.json, which writers need as readers do. */
    Optional<TidemarkException> tooNewToWrite(byte[] content, String name) {
        return tooNew(content, name).or(() -> againstWriting);
    }

    /**
     * Has it a format that no version ever wrote?
     *
     * @return what to say then; empty for all others, and for what nobody can read
     */
    Optional<TidemarkException> noFormat(byte[] content, String name) {
        try {
            int format = CanonicalJson.read(content, Step.class, name).format;
            return format >= ArchiveIdentity.FORMAT
                    ? Optional.empty()
                    : Optional.of(
                            TidemarkException.refused(
                                    "%s of the archive %s has format %d, which is no archive format"
                                            .formatted(name, url, format),
                                    "No Tidemark wrote it so. Check archive.url, and restore the file from a copy of the archive."));
        } catch (TidemarkException e) {
            return Optional.empty();
        }
    }

    /** Is a checkpoint of a newer Tidemark, or something in it? */
    Optional<TidemarkException> tooNewCheckpoint(byte[] content, String name) {
        Beginning read;
        try {
            read = CanonicalJson.read(content, Beginning.class, name);
        } catch (TidemarkException e) {
            return Optional.empty();
        }
        Step whole = new Step(read.format, Optional.empty(), read.needs, List.of());
        Stream<Step> steps = read.state.stream().flatMap(State::steps);
        return Stream.concat(Stream.of(whole), steps)
                .flatMap(step -> tooNew(step, name).stream())
                .findFirst();
    }

    private Optional<TidemarkException> tooNew(Step step, String name) {
        Needs needs = step.needs.orElse(Needs.NOTHING);
        if (step.format < ArchiveIdentity.FORMAT) {
            return Optional.empty(); // no version wrote that, which its reader tells
        }
        if (step.format > ArchiveIdentity.FORMAT) {
            return Optional.of(
                    newer(
                            name,
                            "has format %d".formatted(step.format),
                            "format " + ArchiveIdentity.FORMAT,
                            needs));
        }
        List<String> features = needs.unknownToRead();
        if (!features.isEmpty()) {
            return Optional.of(newer(name, "needs " + quoted(features), "no such feature", needs));
        }
        Optional<String> kind = unknownKind(step);
        if (kind.isPresent()) {
            return Optional.of(newer(name, "has the kind " + kind.get(), "no such kind", needs));
        }
        List<String> toWrite = needs.unknownToWrite();
        if (againstWriting.isEmpty() && !toWrite.isEmpty()) {
            againstWriting = Optional.of(readOnly(name, toWrite, needs));
        }
        return Optional.empty();
    }

    private static Optional<String> unknownKind(Step step) {
        Stream<String> ofStep = step.kind.stream().filter(kind -> !isOf(Manifest.Kind.class, kind));
        Stream<String> ofFiles =
                step.files.stream()
                        .filter(Objects::nonNull)
                        .map(File::kind)
                        .filter(kind -> kind != null && !isOf(FileRef.Kind.class, kind));
        return Stream.concat(ofStep, ofFiles).findFirst();
    }

    private static <E extends Enum<E>> boolean isOf(Class<E> kinds, String name) {
        return Arrays.stream(kinds.getEnumConstants()).anyMatch(kind -> kind.name().equals(name));
    }

    private TidemarkException newer(String name, String what, String known, Needs needs) {
        return TidemarkException.refused(
                "the archive %s was written by a newer Tidemark: %s %s, and this version (%s) knows %s"
                        .formatted(url, name, what, ProgramVersion.text(), known),
                hint(needs));
    }

    private TidemarkException readOnly(String name, List<String> features, Needs needs) {
        return TidemarkException.refused(
                "the archive %s can be read by this version (%s), but not written: %s needs %s for that"
                        .formatted(url, ProgramVersion.text(), name, quoted(features)),
                hint(needs));
    }

    private static String hint(Needs needs) {
        return needs.version()
                .map("Upgrade Tidemark to version %s or newer."::formatted)
                .orElse("Upgrade Tidemark to the version that writes this archive.");
    }

    private static String quoted(List<String> names) {
        return "'" + String.join("', '", names) + "'";
    }

    /**
     * May this version write?
     *
     * @throws TidemarkException when something that was looked at forbids it
     */
    void checkWritable() {
        againstWriting.ifPresent(
                refusal -> {
                    throw refusal;
                });
    }
}
