package dev.tidemark.replay.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of a database's rows, which nobody but its owner sees before it is whole, nor after. */
final class PublishedFileTest {
    private final Path directory;
    private final Path target;

    PublishedFileTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("crm.sql");
    }

    @Test
    void nobodyElseCanReadItFromTheFirstMomentOn() throws IOException {
        try (PublishedFile file = PublishedFile.of(target, PublishedFile.Existing.KEPT)) {
            assertThat(names()).isEmpty();

            Path path = file.create();
            Files.writeString(path, "a row");
            Files.writeString(path.resolveSibling("file.wal"), "a row");

            assertThat(names()).singleElement().asString().endsWith(".unfinished");
            assertThat(rights(directory.resolve(names().getFirst()))).isEqualTo("rwx------");
            file.publish();
        }
        assertThat(names()).containsExactly("crm.sql");
        assertThat(rights(target)).isEqualTo("rw-------");
        assertThat(target).hasContent("a row");
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws IOException {
        try (PublishedFile file = PublishedFile.of(target, PublishedFile.Existing.KEPT)) {
            Files.writeString(file.create(), "a row");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aFileThatCameMeanwhileStaysUnlessItIsToBeReplaced() throws IOException {
        try (PublishedFile file = PublishedFile.of(target, PublishedFile.Existing.KEPT)) {
            Files.writeString(file.create(), "a row");
            Files.writeString(target, "another's");

            assertThatThrownBy(file::publish)
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage("'%s' is there already".formatted(target));
        }
        assertThat(target).hasContent("another's");
        try (PublishedFile file = PublishedFile.of(target, PublishedFile.Existing.REPLACED)) {
            Files.writeString(file.create(), "a row");
            file.publish();
        }
        assertThat(target).hasContent("a row");
        assertThat(names()).containsExactly("crm.sql");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
