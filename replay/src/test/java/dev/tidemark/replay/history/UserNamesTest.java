package dev.tidemark.replay.history;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.CountingObjectStore;
import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who acts is shown by the name that they had then. */
class UserNamesTest {
    private static final Table DEAL =
            table(
                    1,
                    "deal",
                    List.of(1),
                    List.of(column(1, "id"), column(2, "stage"), column(3, "modified_by")));
    private static final Table USERS =
            table(
                    2,
                    "users",
                    List.of(1),
                    List.of(column(1, "id"), column(2, "login"), column(3, "partner_id")));
    private static final Table PARTNER =
            table(3, "partner", List.of(1), List.of(column(1, "id"), column(2, "name")));

    @TempDir Path folder;
    private final CountingObjectStore store = new CountingObjectStore(new MemoryObjectStore());
    private WrittenArchive written;

    @BeforeEach
    void write() throws IOException {
        written = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        written.base(
                at(1),
                NOON,
                catalog(DEAL, USERS, PARTNER),
                Map.of(
                        1L, List.of(row("1", "New", "7")),
                        2L, List.of(row("7", "ann", "70"), row("8", "bob", "80")),
                        3L, List.of(row("70", "Ann Lee"))));
        written.segment(
                List.of(
                        transaction(16, staged("Open", "7")),
                        transaction(32, updated(3, "70", "Ann Lee-Ray")),
                        transaction(48, staged("Offer", "7")),
                        transaction(64, staged("Won", "8"))));
        written.segment(
                List.of(
                        transaction(80, updated(2, "8", "robert", "80")),
                        transaction(96, says("7"), staged("Lost", "8")),
                        transaction(112, deleted(2, "8")),
                        transaction(128, staged("New", "8")),
                        transaction(144, staged("Open", "the import"))));
    }

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entries));
    }

    private static Entry staged(String stage, String by) {
        return updated(1, "1", stage, by);
    }

    private static Entry updated(long table, String... after) {
        return new Entry.Row(table, Operation.UPDATE, BeforeImage.NONE, List.of(), row(after));
    }

    private static Entry inserted(long table, String... after) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row(after));
    }

    private static Entry deleted(long table, String key) {
        return new Entry.Row(
                table, Operation.DELETE, BeforeImage.FULL, row(key, "robert", "80"), List.of());
    }

    private static Entry says(String actor) {
        return new Entry.Message("context", "{\"actor\":\"%s\"}".formatted(actor));
    }

    private Profile profile(String users) throws IOException {
        Path file = folder.resolve("crm.yaml");
        Files.write(file, users.getBytes(UTF_8));
        return Profile.of(ProfileFile.read(file), catalog(DEAL, USERS, PARTNER));
    }

    private List<String> actors(Profile profile) throws IOException {
        return new RowHistory(
                        written.archive(),
                        folder,
                        Claims.by(profile),
                        UserNames.by(profile, written.archive(), folder))
                        .changes(
                                new HistoryRequest(
                                        "deal",
                                        List.of("1"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(),
                                        100))
                        .changes()
                        .stream()
                        .map(change -> change.actor().toString())
                        .toList();
    }

    @Test
    void aUserIsCalledAsTheTableOfUsersSaidThen() throws Exception {
        assertThat(actors(profile("users: {table: users, key: id, name: login}")))
                .containsExactly(
                        "the import (claimed by the row)",
                        "8 (claimed by the row)",
                        "ann [7]",
                        "bob [8] (claimed by the row)",
                        "ann [7] (claimed by the row)",
                        "ann [7] (claimed by the row)");
    }

    @Test
    void aNameInAnotherTableIsThatOfThenToo() throws Exception {
        String users =
                """
                users:
                  table: users
                  key: id
                  name: login
                  person: {column: partner_id, table: partner, key: id, name: name}
                """;

        assertThat(actors(profile(users)))
                .containsExactly(
                        "the import (claimed by the row)",
                        "8 (claimed by the row)",
                        "Ann Lee-Ray [7]",
                        "bob [8] (claimed by the row)",
                        "Ann Lee-Ray [7] (claimed by the row)",
                        "Ann Lee [7] (claimed by the row)");
    }

    @Test
    void usersThatAreNotNamedByTheirKeyKeepTheNameThatTheyWereNamedBy() throws Exception {
        assertThat(actors(profile("users: {table: users, key: login, name: login}")))
                .contains("7 (claimed by the row)");
    }

    @Test
    void aTableOfUsersThatCameLaterNamesThemFromThenOn() throws Exception {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(
                at(1), NOON, catalog(DEAL, PARTNER), Map.of(1L, List.of(row("1", "New", "7"))));
        written.segment(List.of(transaction(16, staged("Open", "7"))));
        String made = CatalogChange.ofTables("CREATE TABLE", List.of(USERS)).json();
        written.segment(
                List.of(
                        transaction(32, staged("Offer", "7")),
                        transaction(48, new Entry.Schema(made), inserted(2, "7", "ann", "70")),
                        transaction(64, staged("Won", "7"))));
        written.segment(List.of(transaction(80, staged("Lost", "7"))));

        assertThat(actors(profile("users: {table: users, key: id, name: login}")))
                .containsExactly(
                        "ann [7] (claimed by the row)",
                        "ann [7] (claimed by the row)",
                        "7 (claimed by the row)",
                        "7 (claimed by the row)");
    }

    @Test
    void aTransactionTellsWhoActsInIt() throws Exception {
        Profile profile = profile("users: {table: users, key: id, name: login}");
        TransactionHistory transactions =
                new TransactionHistory(
                        written.archive(),
                        folder,
                        Claims.by(profile),
                        UserNames.by(profile, written.archive(), folder));

        assertThat(actors(transactions, 96)).containsExactly("ann [7]");
        assertThat(actors(transactions, 64)).containsExactly("bob [8] (claimed by the row)");
        assertThat(actors(transactions, 32)).isEmpty();
    }

    private static List<String> actors(TransactionHistory transactions, long position)
            throws IOException {
        return transactions
                .at(new Target(new Moment.AtPosition(at(position)), false), 10)
                .actors()
                .stream()
                .map(Actor::toString)
                .toList();
    }

    @Test
    void allUsersOfAQuestionAreLookedUpAtOnce() throws Exception {
        UserNames users =
                UserNames.by(
                        profile("users: {table: users, key: id, name: login}"),
                        written.archive(),
                        folder);
        UserNames.Acting ann = new UserNames.Acting("7", DEAL, 0, at(48));
        UserNames.Acting bob = new UserNames.Acting("8", DEAL, 0, at(64));
        assertThat(users.of(Set.of(bob))).containsEntry(bob, "bob"); // the catalog is read once
        int before = store.gets();
        assertThat(users.of(Set.of(bob))).containsEntry(bob, "bob");
        int ofOne = store.gets() - before;

        assertThat(users.of(Set.of(ann, bob))).containsEntry(ann, "ann").containsEntry(bob, "bob");

        assertThat(store.gets() - before).isEqualTo(2 * ofOne);
    }
}
