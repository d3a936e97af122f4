package dev.tidemark.archive.crypt;

import static dev.tidemark.archive.Samples.KEYS;
import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted archive with everything in it that there is. */
public abstract class WrittenEncrypted {
    static final Table CONTACT =
            table(1, "zebra_contact", List.of(1), List.of(column(1, "id"), column(2, "kiwi_name")));
    static final List<List<Value>> ROWS =
            List.of(row("1", "Annabella Quux"), row("2", "Benvolio Quux"));
    static final KeyEncryptionKey OTHER =
            LocalKey.parse("F8D6q1R5bG3AZZmOA0mSxo0WZ8hDg2gGkrTm3q1o0d4=", "of tests");

    @TempDir Path folder;

    final MemoryObjectStore store = new MemoryObjectStore();

    @BeforeEach
    void writeAnArchiveWithEverythingInIt() throws Exception {
        write(store, KEYS);
    }

    void write(ObjectStore into, KeyChain keys) throws IOException, LostRaceException {
        Archive archive = Archive.create(into, Samples.IDENTITY, keys);
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(CONTACT), Map.of(1L, ROWS));
        written.segment(List.of(change(16, Operation.INSERT, "3", "Cassiopeia Quux")));
        written.segment(List.of(change(32, Operation.UPDATE, "1", "Annabella Foo")));
        MergedByHand.replace(archive, folder);
        mark(archive, "before the flamingo import", "asked for by Dagobert");
        written.baseAfterGap(
                at(64), NOON, catalog(CONTACT), Map.of(1L, ROWS), "the pelican ate the disk");
        archive.ledger()
                .add(
                        new LedgerEntry(
                                Ledger.FORMAT,
                                LedgerEntry.Kind.BASE,
                                NOON,
                                3,
                                true,
                                250,
                                1_000,
                                Optional.of("ada@ops1")));
    }

    static Transaction change(long position, Operation operation, String... row) {
        Entry entry = new Entry.Row(1, operation, BeforeImage.NONE, List.of(), row(row));
        return new Transaction(at(position), position, NOON, List.of(entry));
    }

    public static void mark(Archive archive, String name, String note)
            throws IOException, LostRaceException {
        Manifest newest = archive.state().newest().orElseThrow();
        archive.commit(
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        0,
                        "",
                        Manifest.Kind.MARK,
                        "",
                        NOON,
                        1,
                        newest.log(),
                        newest.span(),
                        archive.state().catalog().orElseThrow(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Mark(name, 0, at(32), NOON, note, false)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    Map<Long, List<List<Value>>> rows(Archive archive, Moment moment) throws IOException {
        Map<Long, List<List<Value>>> rows = new TreeMap<>();
        Target target = new Target(moment, false);
        for (TableFold table :
                Fold.run(archive, new Planner(archive, folder).plan(target), folder, changes -> {})
                        .tables()) {
            List<List<Value>> of = new ArrayList<>();
            table.rows(of::add);
            of.sort(comparing(Object::toString)); // their order says nothing
            rows.put(table.table().id(), of);
        }
        return rows;
    }

    void assertThatAllIsReadWith(KeyChain keys) throws IOException {
        Archive archive = Archive.open(store, keys);
        assertThat(rows(archive, new Moment.AtPosition(at(32))))
                .isEqualTo(
                        Map.of(
                                1L,
                                List.of(
                                        row("1", "Annabella Foo"),
                                        row("2", "Benvolio Quux"),
                                        row("3", "Cassiopeia Quux"))));
        assertThat(archive.state().mark("before the flamingo import"))
                .map(Mark::note)
                .contains("asked for by Dagobert");
        assertThat(archive.state().bases().getLast().gap())
                .map(Gap::reason)
                .contains("the pelican ate the disk");
        assertThat(archive.ledger().newest(1).getFirst().by()).contains("ada@ops1");
    }

    List<String> names() {
        return store.list("", "", 1_000);
    }

    static String id(KeyChain keys) {
        return keys.keys().getFirst().id();
    }

    void replace(String name, byte[] content) {
        store.delete(name);
        store.putIfAbsent(name, content);
    }

    static void assertRefused(ThrowingCallable call, String message, String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> {
                            assertThat(e).hasMessage(message);
                            assertThat(e.hint()).isEqualTo(hint);
                            assertThat(e.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }
}
