package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An archive that a test tells, entry by entry, and questions to it. For one thread. */
final class ToldArchive {
    static final Table CONTACT = contact("contact", "stage", "gone");

    final WrittenArchive written;
    private final Path folder;

    ToldArchive(Path folder) throws IOException {
        this.folder = folder;
        this.written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
    }

    static Table contact(String name, String third, String fourth) {
        return table(
                1,
                name,
                List.of(1),
                List.of(column(1, "id"), column(2, "name"), column(3, third), column(4, fourth)));
    }

    void base(Table... tables) throws IOException {
        written.base(
                at(1),
                NOON,
                catalog(tables),
                Map.of(1L, List.of(row("1", "Anna", "a", "f"), row("2", "Bert", "a", "f"))));
    }

    void segment(Entry... entries) throws IOException {
        long second = written.reached().value() + 10;
        written.segment(
                Arrays.stream(entries)
                        .map(entry -> transaction(second, entry, List.of(entries)))
                        .toList());
    }

    /** Each entry is a transaction. */
    private static Transaction transaction(long second, Entry entry, List<Entry> all) {
        long position = second + all.indexOf(entry);
        return new Transaction(at(position), position, NOON.plusSeconds(position), List.of(entry));
    }

    static Entry schema(Table... tables) {
        return new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(tables)).json());
    }

    static Entry drop(long... tables) {
        return new Entry.Schema(
                new CatalogChange(
                                "DROP TABLE",
                                List.of(),
                                List.of(),
                                Arrays.stream(tables).boxed().toList(),
                                List.of(),
                                List.of(),
                                List.of(),
                                false)
                        .json());
    }

    static Entry insert(long table, String... fields) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row(fields));
    }

    static Entry update(long table, String... fields) {
        return new Entry.Row(table, Operation.UPDATE, BeforeImage.NONE, List.of(), row(fields));
    }

    static Entry delete(long table, String key, int width) {
        List<Value> fields = new ArrayList<>(Collections.nCopies(width, Value.Mark.UNKNOWN));
        fields.set(0, Value.text(key));
        return new Entry.Row(table, Operation.DELETE, BeforeImage.KEY, fields, List.of());
    }

    static SearchRequest asked(String table, FieldQuestion fields) {
        return new SearchRequest(
                Optional.of(table).filter(name -> !name.isEmpty()),
                fields,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                100);
    }

    static FieldQuestion field(String column, String from, String to) {
        return new FieldQuestion(
                Optional.of(column),
                Optional.of(from).filter(one -> !one.isEmpty()).map(FieldQuestion.Wanted::of),
                Optional.of(to).filter(one -> !one.isEmpty()).map(FieldQuestion.Wanted::of),
                Optional.empty(),
                Optional.empty());
    }

    Found find(SearchRequest request, Profile profile) throws IOException {
        return new Search(written.archive(), folder, profile, changes -> {}).find(request, 10);
    }

    Profile profile(String... lines) throws IOException {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return Profile.at(
                ProfileFile.read(file),
                written.archive().catalog(written.archive().state().catalog().orElseThrow()));
    }

    Profile none() throws IOException {
        return Profile.none(
                written.archive().catalog(written.archive().state().catalog().orElseThrow()));
    }

    /** Asserts the same answer before and after a merge. */
    void assertFound(SearchRequest request, Profile profile, String... told) throws Exception {
        assertThat(told(find(request, profile))).containsExactly(told);
        MergedByHand.replace(written.archive(), folder);
        assertThat(told(find(request, profile))).as("merged").containsExactly(told);
    }

    static List<String> told(Found found) {
        return found.rows().reversed().stream()
                .map(
                        row ->
                                "%s %s %s"
                                        .formatted(
                                                row.table().replace("public.", ""),
                                                row.operation(),
                                                String.join(",", row.key())))
                .toList();
    }
}
