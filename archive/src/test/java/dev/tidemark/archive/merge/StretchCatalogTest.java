package dev.tidemark.archive.merge;

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
import dev.tidemark.archive.crypt.WrittenEncrypted;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stretch that ended before a gap has the catalog of its own end, whatever is merged later. */
class StretchCatalogTest {
    private static final Table CONTACT = plain(1, "contact");
    private static final Table DEAL = plain(2, "deal");
    private static final Table LEAD = plain(1, "lead");

    @TempDir Path folder;
    private WrittenArchive written;
    private Archive archive;

    @BeforeEach
    void begin() throws IOException {
        archive = Archive.create(new MemoryObjectStore(), Samples.IDENTITY);
        written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(CONTACT), Map.of());
    }

    private static Table plain(long id, String name) {
        return table(id, name, List.of(1), List.of(column(1, "id"), column(2, "name")));
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entries));
    }

    private static Entry inserted(long table) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row("1", "a"));
    }

    private static Entry made(Table table) {
        return new Entry.Schema(CatalogChange.ofTables("CREATE TABLE", List.of(table)).json());
    }

    private void gap() throws IOException {
        written.baseAfterGap(
                at(100), NOON.plusSeconds(100), catalog(LEAD), Map.of(), "a new cluster", "8");
        written.segment(List.of(transaction(116, inserted(1))));
    }

    private List<List<String>> tables() throws IOException {
        return archive.state().stretches().stream().map(this::tables).toList();
    }

    private List<String> tables(Stretch stretch) {
        try {
            return archive.catalog(stretch.catalog()).tables().stream().map(Table::name).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void merge(List<Manifest> segments) throws Exception {
        MergedByHand.replace(
                archive, archive.state().bases().getFirst(), segments, folder, Integer.MAX_VALUE);
    }

    @Test
    void whenItsSegmentsAreMergedOverAMark() throws Exception {
        Manifest one = written.segment(List.of(transaction(16, inserted(1))));
        WrittenEncrypted.mark(archive, "between", "");
        Manifest other = written.segment(List.of(transaction(32, made(DEAL), inserted(2))));
        gap();
        List<List<String>> before = tables();

        merge(List.of(one, other));

        assertThat(tables())
                .isEqualTo(before)
                .containsExactly(List.of("contact", "deal"), List.of("lead"));
    }

    @Test
    void whenATableGotABaseAtItsEnd() throws Exception {
        Manifest one =
                written.segment(
                        List.of(
                                transaction(
                                        16,
                                        new Entry.Schema(
                                                new CatalogChange(
                                                                "ALTER TABLE",
                                                                List.of(),
                                                                List.of(),
                                                                List.of(),
                                                                List.of(),
                                                                List.of(1L),
                                                                List.of(),
                                                                false)
                                                        .json()))));
        written.tableBase(at(16), NOON.plusSeconds(16), Map.of(CONTACT, List.of()), Set.of(1L));
        gap();
        assertThat(areRowsKnown()).isTrue();

        merge(List.of(one));

        assertThat(areRowsKnown()).isTrue();
    }

    private boolean areRowsKnown() throws IOException {
        Stretch first = archive.state().stretches().getFirst();
        return archive.catalog(first.catalog()).tables().stream().noneMatch(Table::rewritten);
    }
}
