package dev.tidemark.replay.history;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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

    private static RowChange version(
            long position, long xid, String operation, ChangedField... fields) {
        return new RowChange(
                NOON.plusSeconds(position),
                at(position),
                xid,
                Actor.UNKNOWN,
                "public.deal",
                List.of("1"),
                operation,
                List.of(fields),
                Optional.empty());
    }

    private static ChangedField known(String column, String before, String after) {
        return new ChangedField(column, "", Optional.of(before), Optional.of(after), true);
    }

    private static ChangedField unknownBefore(String column, String after) {
        return new ChangedField(column, "", Optional.empty(), Optional.of(after), false);
    }

    private static HistoryRequest asked(String table) {
        return new HistoryRequest(
                table, List.of("1"), Optional.empty(), Optional.empty(), List.of(), 1000);
    }

    private List<RowChange> history(Map<Table, List<List<Value>>> laterBase) throws IOException {
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
        return new RowHistory(written.archive(), folder).changes(asked("public.deal")).changes();
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

    private WrittenArchive written() throws IOException {
        return new WrittenArchive(
                Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
    }

    private static Entry moved(String from, String to) {
        List<Value> before = List.of(Value.text(from), Value.Mark.UNKNOWN, Value.Mark.UNKNOWN);
        List<Value> after = List.of(Value.text(to), Value.text("b"), Value.Mark.UNCHANGED);
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.KEY, before, after);
    }

    private static Entry deleted(String id) {
        List<Value> before = List.of(Value.text(id), Value.Mark.UNKNOWN, Value.Mark.UNKNOWN);
        return new Entry.Row(1, Operation.DELETE, BeforeImage.KEY, before, List.of());
    }

    /** A row whose key changes, in a table that is renamed. */
    private WrittenArchive travelled() throws IOException {
        WrittenArchive written = written();
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a", "old"))));
        written.segment(List.of(transaction(16, named("b")), transaction(32, moved("1", "9"))));
        Table renamed = table(1, "bargain", List.of(1), DEAL.columns());
        CatalogChange change = CatalogChange.ofTables("ALTER TABLE", List.of(renamed));
        written.segment(
                List.of(
                        transaction(48, new Entry.Schema(change.json())),
                        transaction(64, deleted("9"))));
        return written;
    }

    private static List<String> told(History history) {
        return history.changes().stream()
                .map(one -> one.position().value() + " " + one.operation() + " " + one.key())
                .toList();
    }

    private static HistoryRequest asked(
            String key, Optional<Moment> since, Optional<Moment> until) {
        return new HistoryRequest("bargain", List.of(key), since, until, List.of(), 1000);
    }

    @Test
    void aRowIsFoundByBothItsKeysAndItsTableByBothItsNames() throws Exception {
        RowHistory rows = new RowHistory(travelled().archive(), folder);

        for (String table : List.of("deal", "public.bargain")) {
            assertThat(told(rows.changes(asked(table))))
                    .containsExactly("64 DELETE [9]", "32 UPDATE [9]", "16 UPDATE [1]");
        }
        assertThat(told(rows.changes(asked("9", Optional.empty(), Optional.empty()))))
                .containsExactly("64 DELETE [9]", "32 UPDATE [9]", "16 UPDATE [1]");
    }

    @Test
    void whereNobodyWasNamedTheRowMayNameWhoChangedItButNotWhoDeletedIt() throws Exception {
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a", "old"))));
        Entry said = new Entry.Message("context", "{\"actor\":\"ann\",\"sessionUser\":\"app\"}");
        Entry nobody = new Entry.Message("context", "{\"sessionUser\":\"app\"}");
        Entry delete =
                new Entry.Row(
                        1, Operation.DELETE, BeforeImage.FULL, row("1", "dora", "old"), List.of());
        written.segment(
                List.of(
                        transaction(16, named("bob")),
                        transaction(32, said, named("carl")),
                        transaction(48, nobody, named("dora")),
                        transaction(64, delete)));

        History history =
                new RowHistory(
                                written.archive(),
                                folder,
                                (table, operation, after) -> after.text("name"),
                                UserNames.none(written.archive(), folder))
                        .changes(asked("deal"));

        assertThat(history.changes())
                .extracting(change -> change.actor().toString())
                .containsExactly(
                        "unknown", "dora (claimed by the row)", "ann", "bob (claimed by the row)");
        assertThat(history.changes().get(1).actor().said())
                .as("the session's user is beside the claim")
                .contains(TransactionContext.read("{\"sessionUser\":\"app\"}"));
    }

    @Test
    void ofAColumnOnlyItsChangesAreShownAndWhatEndedTheRow() throws Exception {
        RowHistory rows = new RowHistory(travelled().archive(), folder);

        History names =
                rows.changes(
                        new HistoryRequest(
                                "deal",
                                List.of("9"),
                                Optional.empty(),
                                Optional.empty(),
                                List.of("name"),
                                1000));

        assertThat(told(names)).containsExactly("64 DELETE [9]", "16 UPDATE [1]");
    }

    @Test
    void onlyWhatIsInTheTimeThatWasAskedForIsShown() throws Exception {
        RowHistory rows = new RowHistory(travelled().archive(), folder);
        Optional<Moment> noon32 = Optional.of(new Moment.AtTime(NOON.plusSeconds(32)));
        Optional<Moment> position40 = Optional.of(new Moment.AtPosition(at(40)));

        assertThat(told(rows.changes(asked("9", noon32, Optional.empty()))))
                .containsExactly("64 DELETE [9]", "32 UPDATE [9]");
        assertThat(told(rows.changes(asked("9", Optional.empty(), noon32))))
                .containsExactly("32 UPDATE [9]", "16 UPDATE [1]");
        History none = rows.changes(asked("9", position40, position40));
        assertThat(none.changes()).isEmpty();
        assertThat(none.wasThere()).as("it is there, unchanged").isTrue();
        assertThat(rows.changes(asked("7", Optional.empty(), Optional.empty())).wasThere())
                .isFalse();
    }

    @Test
    void eachFieldIsOfTheOneWhoSetItLastAndADeleteComesFirst() throws Exception {
        Archive archive = travelled().archive();

        Blame then =
                new RowHistory(archive, folder)
                        .blame("bargain", List.of("9"), new Moment.AtPosition(at(32)));
        Blame gone =
                new RowHistory(archive, folder).blame("bargain", List.of("9"), new Moment.Latest());

        assertThat(then.end()).isEmpty();
        assertThat(then.fields()).containsExactlyElementsOf(gone.fields());
        assertThat(then.fields())
                .containsExactly(
                        blamed("id", "9", Optional.of(32), Optional.empty()),
                        blamed("name", "b", Optional.of(16), Optional.empty()),
                        blamed("note", "old", Optional.empty(), Optional.of(NOON)));
        assertThat(gone.end().orElseThrow().operation()).isEqualTo("DELETE");
        assertThat(gone.end().orElseThrow().position()).isEqualTo(at(64));
    }

    private static Blame.BlamedField blamed(
            String column, String value, Optional<Integer> set, Optional<Instant> before) {
        return new Blame.BlamedField(
                column,
                Optional.of(value),
                true,
                set.map(
                        position ->
                                new Blame.Setter(
                                        NOON.plusSeconds(position),
                                        at(position),
                                        position,
                                        Actor.UNKNOWN,
                                        "UPDATE")),
                before,
                true);
    }

    @Test
    void whatIsLostInAGapIsNotPassedOverInSilence() throws Exception {
        WrittenArchive written = written();
        written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("1", "a", "old"))));
        written.segment(List.of(transaction(16, named("b"))));
        written.baseAfterGap(
                at(64),
                NOON.plusSeconds(64),
                catalog(DEAL),
                Map.of(1L, List.of(row("1", "c", "old"))),
                "the slot was dropped");
        written.segment(List.of(transaction(80, named("d"))));

        History history = new RowHistory(written.archive(), folder).changes(asked("deal"));

        assertThat(told(history)).containsExactly("80 UPDATE [1]", "64 BASE [1]", "16 UPDATE [1]");
        assertThat(history.notes())
                .containsExactly(
                        "what was committed between 2026-11-20T12:00:16Z and 2026-11-20T12:01:04Z is lost"
                                + " in a gap (the slot was dropped): of the row only the difference is known");
    }

    @Test
    void whatAnotherClusterHadUnderTheNumberOfATableIsNotTold() throws Exception {
        Table other = table(1, "account", List.of(1), DEAL.columns());
        WrittenArchive written = written();
        written.base(at(1), NOON, catalog(other), Map.of(1L, List.of(row("1", "a", "old"))));
        written.segment(List.of(transaction(16, named("of an account"))));
        written.baseAfterGap(
                at(64),
                NOON.plusSeconds(64),
                catalog(DEAL),
                Map.of(1L, List.of(row("1", "c", "old"))),
                "an upgrade",
                "7002");
        written.segment(List.of(transaction(80, named("d"))));

        History history = new RowHistory(written.archive(), folder).changes(asked("deal"));

        assertThat(told(history)).containsExactly("80 UPDATE [1]", "64 BASE [1]");
        assertThat(history.notes())
                .contains(
                        "before 2026-11-20T12:01:04Z the source was another cluster, which had no table public.deal");
    }

    @Test
    void aBaseOfBeforeTheTableHadItsKeyIsNoPartOfTheLine() throws Exception {
        Table keyless = table(1, "deal", List.of(), DEAL.columns());
        WrittenArchive written = written();
        written.base(at(1), NOON, catalog(keyless), Map.of(1L, List.of(row("1", "a", "old"))));
        written.segment(
                List.of(
                        transaction(
                                16,
                                new Entry.Row(
                                        1,
                                        Operation.INSERT,
                                        BeforeImage.NONE,
                                        List.of(),
                                        row("2", "b", "new")))));
        written.tableBase(
                at(16),
                NOON.plusSeconds(16),
                Map.of(keyless, List.of(row("1", "a", "old"), row("2", "b", "new"))),
                Set.of(1L));
        written.segment(
                List.of(
                        transaction(
                                32,
                                new Entry.Schema(
                                        CatalogChange.ofTables("ALTER TABLE", List.of(DEAL))
                                                .json())),
                        transaction(48, named("c"))));

        History history = new RowHistory(written.archive(), folder).changes(asked("deal"));

        assertThat(told(history)).containsExactly("48 UPDATE [1]");
        assertThat(history.notes())
                .containsExactly(
                        "before 2026-11-20T12:00:32Z the table public.deal had no key: what its rows were then is not told");
    }

    @Test
    void anUnknownTableOrColumnIsRefusedWithTheNearestNames() throws Exception {
        RowHistory rows = new RowHistory(travelled().archive(), folder);

        assertThatThrownBy(() -> rows.changes(asked("dael")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        refused -> {
                            assertThat(refused)
                                    .hasMessage("the archive knows no table 'dael', and never did");
                            assertThat(refused.hint())
                                    .isEqualTo(
                                            "The nearest names are public.deal, public.bargain.");
                        });
        assertThatThrownBy(
                        () ->
                                rows.changes(
                                        new HistoryRequest(
                                                "deal",
                                                List.of("1"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                List.of("nmae"),
                                                1)))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("table public.bargain has no column 'nmae'");
    }
}
