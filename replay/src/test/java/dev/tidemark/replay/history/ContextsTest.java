package dev.tidemark.replay.history;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of who acts belongs to its transaction, and the last word counts. */
class ContextsTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "name")));

    @TempDir Path folder;

    private static Entry insert(int id) {
        return new Entry.Row(
                1,
                Operation.INSERT,
                BeforeImage.NONE,
                List.of(),
                row(Integer.toString(id), "deal " + id));
    }

    private static Entry says(String actor) {
        return new Entry.Message("context", "{\"actor\":\"%s\"}".formatted(actor));
    }

    private static TransactionContext by(String actor) {
        return new TransactionContext(
                Optional.of(actor),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entries));
    }

    private record Written(Archive archive, Manifest segment) {}

    private Written written() throws IOException {
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(at(1), NOON, catalog(DEAL), Map.of());
        Manifest segment =
                written.segment(
                        List.of(
                                transaction(16, insert(1)),
                                transaction(32, says("eve"), insert(2), says("ann"), insert(3)),
                                transaction(48, new Entry.Message("note", "{}"), insert(4)),
                                transaction(64, insert(5), says("bob"))));
        return new Written(written.archive(), segment);
    }

    @Test
    void theLastWordOfEachWantedTransactionIsFound() throws Exception {
        Written written = written();

        assertThat(Contexts.of(written.archive(), written.segment(), Set.of(0, 1, 2), folder))
                .isEqualTo(Map.of(1, by("ann")));
        assertThat(Contexts.of(written.archive(), written.segment(), Set.of(), folder)).isEmpty();
        try (Contexts all = Contexts.open(written.archive(), written.segment(), folder)) {
            assertThat(all.at(0)).isEmpty();
            assertThat(all.at(1)).contains(by("ann"));
            assertThat(all.at(3)).contains(by("bob"));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aTransactionIsShownWithItsContextWhichIsNoneOfItsChanges() throws Exception {
        Written written = written();

        TransactionView view =
                new TransactionHistory(
                                written.archive(),
                                folder,
                                Claims.NONE,
                                UserNames.none(written.archive(), folder))
                        .at(new Target(new Moment.AtPosition(at(32)), false), 1);

        assertThat(view.context()).contains(by("ann"));
        assertThat(view.changes()).hasSize(1);
        assertThat(view.total()).isEqualTo(2);
    }

    @Test
    void whatWasSaidComesBackAsItWas() {
        TransactionContext said =
                new TransactionContext(
                        Optional.of("Änne \"A\" \\ \n"),
                        Optional.of("because"),
                        Optional.of("7f"),
                        Optional.of("crm_app"),
                        Optional.of("crm-web"),
                        Optional.of("::1"));

        assertThat(TransactionContext.read(new String(CanonicalJson.write(said), UTF_8)))
                .isEqualTo(said);
    }

    @Test
    void whatANewerVersionSaysBesideItIsPassedOver() {
        assertThat(TransactionContext.read("{\"actor\": \"ann\", \"reason\": null, \"team\": {}}"))
                .isEqualTo(by("ann"));
        assertThatThrownBy(() -> TransactionContext.read("ann"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("cannot read who acts in a transaction: ");
    }
}
