package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** An archive with a base at position 1, and what differs between its moments. */
final class ComparedArchive {
    static final Table CONTACT =
            table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "email", Optional.empty()),
                            column(3, "settings", "jsonb", Optional.empty()),
                            column(4, "deleted", "boolean", Optional.empty())));
    static final Table VISIT =
            table(2, "visit", List.of(), List.of(column(1, "at"), column(2, "who")));

    private final Path folder;
    private final WrittenArchive written;

    ComparedArchive(Path folder, Catalog catalog, Map<Long, List<List<Value>>> rows)
            throws IOException {
        this.folder = folder;
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(0)),
                        folder);
        written.base(at(1), NOON, catalog, rows);
    }

    /** Three contacts, and a visit twice. */
    static ComparedArchive ofContacts(Path folder) throws IOException {
        return new ComparedArchive(
                folder,
                catalog(CONTACT, VISIT),
                Map.of(
                        1L,
                        List.of(
                                row("9", "nine@x", "{\"a\": 1}", "f"),
                                row("10", "ten@x", "{}", "f"),
                                row("11", "it's\\x", "{}", "f")),
                        2L,
                        List.of(row("1", "Ann"), row("1", "Ann"))));
    }

    WrittenArchive written() {
        return written;
    }

    /** A segment of one transaction. */
    void change(long position, Entry... entries) throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                at(position),
                                position,
                                NOON.plusSeconds(position),
                                List.of(entries))));
    }

    /** A change of the table with the number 1. */
    static Entry.Row changed(Operation operation, List<Value> before, List<Value> after) {
        return new Entry.Row(
                1,
                operation,
                before.isEmpty() ? BeforeImage.NONE : BeforeImage.FULL,
                before,
                after);
    }

    static Target target(long position) {
        return new Target(new Moment.AtPosition(at(position)), false);
    }

    static DifferenceRequest all(String... tables) {
        return new DifferenceRequest(List.of(tables), Scope.TOUCHED, 100);
    }

    MomentDifference differences() throws IOException {
        return differences(Profile::none);
    }

    MomentDifference differences(Function<Catalog, Profile> profile) throws IOException {
        Archive archive = written.archive();
        return new MomentDifference(
                archive,
                folder,
                profile.apply(archive.catalog(archive.state().catalog().orElseThrow())),
                read -> {});
    }

    /** The same in so many bytes of memory. */
    MomentDifference differences(long memory) throws IOException {
        Archive archive = written.archive();
        return new MomentDifference(
                new Reading(archive, folder, memory, read -> {}),
                Profile.none(archive.catalog(archive.state().catalog().orElseThrow())));
    }

    Difference between(long from, long to) throws IOException {
        return differences().between(target(from), target(to), all());
    }

    String patch(long from, long to) throws IOException {
        return patch(target(from), target(to));
    }

    String patch(Target from, Target to) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Patch patch = new Patch(Files.createTempDirectory(folder, "patch"))) {
            patch.write(out, differences().into(patch).between(from, to, all()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
