package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each question of docs/cookbook.md is asked as it stands there, of an archive that holds {@link
 * CookbookStory}, and prints what stands there. With {@code -Dcookbook.write=true} the page is
 * written anew instead.
 */
class CookbookTest {
    private static final Path PAGE = Path.of("../docs/cookbook.md");
    private static final Pattern PROFILE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern QUESTION =
            Pattern.compile("```\n\\$ \\./tidemark (.*?)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final int QUESTIONS = 20;

    @TempDir private Path directory;

    /** A question of the page. */
    private record Question(String command, String answer) {}

    @Test
    void everyQuestionOfTheCookbookGetsTheAnswerThatStandsThere() throws Exception {
        String page = Files.readString(PAGE).replace("\r\n", "\n");
        tellTheStory(page);
        boolean isWritten = Boolean.getBoolean("cookbook.write");

        if (isWritten) {
            Files.writeString(
                    PAGE,
                    QUESTION.matcher(page)
                            .replaceAll(found -> Matcher.quoteReplacement(answered(found))));
        }

        List<Question> questions = questions(page);
        assertThat(questions).hasSizeGreaterThanOrEqualTo(QUESTIONS);
        assertThat(isWritten ? List.of() : questions)
                .allSatisfy(
                        one ->
                                assertThat(ask(one.command()))
                                        .as(one.command())
                                        .isEqualTo(one.answer()));
    }

    private static List<Question> questions(String page) {
        return QUESTION.matcher(page)
                .results()
                .map(found -> new Question(found.group(1), found.group(2)))
                .toList();
    }

    private String answered(MatchResult found) {
        return "```\n$ ./tidemark " + found.group(1) + "\n" + ask(found.group(1)) + "```";
    }

    private void tellTheStory(String page) throws IOException {
        Matcher profile = PROFILE.matcher(page);
        assertThat(profile.find()).isTrue();
        Files.writeString(directory.resolve("profile.yaml"), profile.group(1));
        Path folder = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: %s}\nprofile: profile.yaml\n".formatted(folder));
        try (Archive archive = Archive.create(new LocalObjectStore(folder), Samples.IDENTITY)) {
            new CookbookStory(new WrittenArchive(archive, directory)).write();
        }
        ask("merge --all"); // the first quarter's
    }

    private String ask(String command) {
        Outcome outcome =
                Outcome.of(
                        directory,
                        Instant.parse("2026-05-01T08:00:00Z"),
                        words(command).toArray(String[]::new));
        assertThat(outcome.code()).as(command + "\n" + outcome.err()).isLessThanOrEqualTo(1);
        return outcome.out()
                .replace(directory + "/", "")
                .replaceAll("\\b[0-9a-f]{64}\\b", "…") // of texts that name a writer by chance
                .lines()
                .map(line -> line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    /** As a shell reads them; a backslash at the end of a line goes on with the next. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.replace("\\\n", " "));
        while (word.find()) {
            words.add(
                    word.group(1) != null
                            ? word.group(1)
                            : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
