package dev.tidemark.archive.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    /** Who demands something has a field of this name. */
    private static final String NEEDS = "\"needs\"";

    /** The fields that are looked at: of a manifest, and those of a checkpoint that hold some. */
    private static final Set<String> FIELDS =
            Set.of(
                    "format",
                    "kind",
                    "files",
                    "needs",
                    "read",
                    "write",
                    "version",
                    "state",
                    "manifests");

    /**
     * What matters of a manifest, and of tidemark.json, whatever else is in it.
     *
     * @param files the kinds of those that it names
     */
    private record Step(int format, Optional<String> kind, Needs needs, List<String> files) {
        static Step of(JsonNode json) {
            return new Step(
                    json.path("format").asInt(),
                    text(json.path("kind")),
                    needs(json.path("needs")),
                    elements(json.path("files"), file -> text(file.path("kind"))));
        }

        private static Needs needs(JsonNode json) {
            return new Needs(
                    elements(json.path("read"), Step::text),
                    elements(json.path("write"), Step::text),
                    text(json.path("version")));
        }

        private static List<String> elements(
                JsonNode list, Function<JsonNode, Optional<String>> text) {
            return list.valueStream().flatMap(one -> text.apply(one).stream()).toList();
        }

        private static Optional<String> text(JsonNode json) {
            return Optional.of(json)
                    .filter(JsonNode::isValueNode)
                    .filter(value -> !value.isNull())
                    .map(JsonNode::asText);
        }
    }

    /**
     * Is a manifest of a newer Tidemark?
     *
     * @return what to say then; empty for what this version reads, and for what nobody can
     */
    Optional<TidemarkException> tooNew(byte[] content, String name) {
        return look(content, name).flatMap(json -> tooNew(Step.of(json), name));
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
        return look(content, name).flatMap(json -> noFormat(Step.of(json), name));
    }

    /**
     * Reads a manifest.
     *
     * @throws TidemarkException when a newer Tidemark wrote it, or none did, or it is damaged
     */
    Manifest manifest(byte[] content, String name) {
        return read(
                content,
                Manifest.class,
                name,
                read -> read.format() == ArchiveIdentity.FORMAT,
                () -> tooNew(content, name).or(() -> noFormat(content, name)));
    }

    /**
     * Reads a checkpoint.
     *
     * @throws TidemarkException when a newer Tidemark wrote it or something in it, or it is damaged
     */
    Checkpoint checkpoint(byte[] content, String name) {
        return read(
                content,
                Checkpoint.class,
                name,
                read ->
                        read.format() == ArchiveIdentity.FORMAT
                                && read.state().manifests().stream()
                                        .allMatch(one -> one.format() == ArchiveIdentity.FORMAT),
                () -> tooNewCheckpoint(content, name));
    }

    /** Looks only at what shows that there may be something to see: most texts are of today. */
    private <T> T read(
            byte[] content,
            Class<T> type,
            String name,
            Predicate<T> isOfToday,
            Supplier<Optional<TidemarkException>> look) {
        String what = url + " " + name;
        if (!new String(content, ISO_8859_1).contains(NEEDS)) {
            try {
                T read = CanonicalJson.read(content, type, what);
                if (isOfToday.test(read)) {
                    return read;
                }
            } catch (TidemarkException e) { // of a kind that is not known, or damaged: said below
            }
        }
        look.get()
                .ifPresent(
                        refusal -> {
                            throw refusal;
                        });
        return CanonicalJson.read(content, type, what);
    }

    private Optional<TidemarkException> noFormat(Step step, String name) {
        return step.format >= ArchiveIdentity.FORMAT
                ? Optional.empty()
                : Optional.of(
                        TidemarkException.refused(
                                "%s of the archive %s has format %d, which is no archive format"
                                        .formatted(name, url, step.format),
                                "No Tidemark wrote it so. Check archive.url, and restore the file from a copy of the archive."));
    }

    /** Is a checkpoint of a newer Tidemark, or something in it? */
    Optional<TidemarkException> tooNewCheckpoint(byte[] content, String name) {
        return look(content, name).stream()
                .flatMap(
                        json ->
                                Stream.concat(
                                        Stream.of(json),
                                        json.path("state").path("manifests").valueStream()))
                .flatMap(json -> tooNew(Step.of(json), name).stream())
                .findFirst();
    }

    /** What is looked at; empty when it is damaged, which its reader tells. */
    private static Optional<JsonNode> look(byte[] content, String name) {
        try {
            return Optional.of(CanonicalJson.fields(content, FIELDS, name))
                    .filter(json -> json.isObject() && isFormat(json.path("format")));
        } catch (TidemarkException e) {
            return Optional.empty();
        }
    }

    /** A number, perhaps as text; none at all counts as 0. */
    private static boolean isFormat(JsonNode json) {
        return json.isMissingNode()
                || json.isNull()
                || json.asInt(Integer.MIN_VALUE) != Integer.MIN_VALUE;
    }

    private Optional<TidemarkException> tooNew(Step step, String name) {
        Needs needs = step.needs;
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
                step.files.stream().filter(kind -> !isOf(FileRef.Kind.class, kind));
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
