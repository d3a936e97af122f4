package dev.tidemark.replay.history;

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
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not known of a row is not told as if it were. */
class RowHistoryTest {
    private static final Table DEAL =
            table(
                    1,
                    "deal",
                    List.of(1),
                    List.of(column(1, "id"), column(2, "name"), column(3, "note")));

    @TempDir Path folder;

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entries));
    }

    private static Entry rewrite() {
        return new Entry.Schema(
                new CatalogChange(
                                "ALTER TABLE",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(1L),
                                List.of(),
                                false)
                        .json());
    }

    private static Entry named(String name) {
        List<Value> after = List.of(Value.text("1"), Value.text(name), Value.Mark.UNCHANGED);
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.NONE, List.of(), after);
    }

    private static RowVersion version(
            long position, long xid, String operation, FieldChange... fields) {
        return new RowVersion(
                NOON.plusSeconds(position),
                at(position),
                xid,
                "public.deal",
                "1",
                operation,
                List.of(fields));
    }

    private static FieldChange known(String column, String before, String after) {
        return new FieldChange(column, Optional.of(before), Optional.of(after), true);
    }

    private static FieldChange unknownBefore(String column, String after) {
        return new FieldChange(column, Optional.empty(), Optional.of(after), false);
    }

    private List<RowVersion> history(Map<Table, List<List<Value>>> laterBase) throws IOException {
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a", "old"))));
        written.segment(
                List.of(
                        transaction(16, named("b")),
                        transaction(32, rewrite()),
                        transaction(48, named("c")),
                        transaction(80, named("d"))));
        if (!laterBase.isEmpty()) {
            written.tableBase(at(64), NOON.plusSeconds(64), laterBase, Set.of(1L));
        }
        return RowHistory.of(written.archive(), folder, "public.deal", List.of("1"));
    }

    @Test
    void aLaterBaseTellsTheRowAgain() throws Exception {
        assertThat(history(Map.of(DEAL, List.of(row("1", "c!", "new")))))
                .containsExactly(
                        version(80, 80, "UPDATE", known("name", "c!", "d")),
                        version(
                                64,
                                0,
                                "BASE",
                                known("name", "c", "c!"),
                                unknownBefore("note", "new")),
                        version(48, 48, "UPDATE", unknownBefore("name", "c")),
                        version(32, 32, "REWRITE"),
                        version(16, 16, "UPDATE", known("name", "a", "b")));
    }

    @Test
    void aRowThatALaterBaseLacksIsGone() throws Exception {
        assertThat(history(Map.of(DEAL, List.of(row("2", "x", "y")))))
                .contains(version(64, 0, "BASE"));
    }

    @Test
    void afterARewriteNothingIsTakenFromBefore() throws Exception {
        assertThat(history(Map.of()))
                .containsExactly(
                        version(80, 80, "UPDATE", known("name", "c", "d")),
                        version(48, 48, "UPDATE", unknownBefore("name", "c")),
                        version(32, 32, "REWRITE"),
                        version(16, 16, "UPDATE", known("name", "a", "b")));
    }
}
