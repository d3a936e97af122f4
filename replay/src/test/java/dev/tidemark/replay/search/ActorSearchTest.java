package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.replay.search.ToldArchive.CONTACT;
import static dev.tidemark.replay.search.ToldArchive.asked;
import static dev.tidemark.replay.search.ToldArchive.insert;
import static dev.tidemark.replay.search.ToldArchive.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActorSearchTest {
    @TempDir Path folder;

    @Test
    void whoActedIsCalledAsTheTableOfUsersSays() throws Exception {
        ToldArchive archive = new ToldArchive(folder);
        archive.base(
                CONTACT,
                table(2, "users", List.of(1), List.of(column(1, "id"), column(2, "login"))));
        archive.segment(
                insert(2, "7", "ann"),
                update(1, "1", "Anna", "7", "f"),
                update(2, "7", "ann.lee"),
                update(1, "2", "Bert", "7", "f"),
                update(1, "2", "Bert", "nobody", "f"));
        Profile profile =
                archive.profile("modifier: stage", "users: {table: users, key: id, name: login}");

        List<ActingPeople.One> actors =
                new ActorSearch(archive.written.archive(), folder, profile, changes -> {})
                        .all(asked("contact", FieldQuestion.NONE))
                        .actors();

        assertThat(actors)
                .extracting(one -> one.who() + " " + one.changes())
                .containsExactly(
                        "ann.lee [7] (claimed by the row) 2", "nobody (claimed by the row) 1");
    }

    @Test
    void aWindowThatEndsBeforeItBeginsIsRefused() throws Exception {
        ToldArchive archive = new ToldArchive(folder);
        archive.base(CONTACT);
        archive.segment(insert(1, "3", "Cleo", "a", "f"), insert(1, "4", "Dora", "a", "f"));
        SearchRequest request =
                new SearchRequest(
                        Optional.empty(),
                        FieldQuestion.NONE,
                        Set.of(),
                        Optional.empty(),
                        Optional.of(new Moment.AtPosition(at(12))),
                        Optional.of(new Moment.AtPosition(at(1))),
                        100);

        assertThatThrownBy(() -> archive.find(request, archive.none()))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("--since 0/C is later than --until 0/1")
                .extracting(e -> ((TidemarkException) e).hint())
                .isEqualTo("Give --since the earlier one of the two.");
    }
}
