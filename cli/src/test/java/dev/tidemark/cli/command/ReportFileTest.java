package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report is whole, or not there, and nothing else is left. */
final class ReportFileTest {
    private record View(String outcome) {}

    @TempDir private Path directory;

    @Test
    void itTakesTheOldersPlaceWhole() throws Exception {
        Path place = Files.writeString(directory.resolve("report.json"), "an older one");

        try (ReportFile file = ReportFile.at(place)) {
            assertThat(place).as("until it begins").content().isEqualTo("an older one");
            file.begin();
            file.begin();
            assertThat(place).doesNotExist();
            file.write(new View("whole"));
        }

        assertThat(place)
                .content()
                .isEqualToNormalizingNewlines("{\n  \"outcome\" : \"whole\"\n}\n");
        assertThat(files()).containsExactly("report.json");
        assertThat(Files.getPosixFilePermissions(place))
                .as("it names what others may not know")
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void oneThatIsNotWrittenLeavesNothing() throws Exception {
        try (ReportFile file = ReportFile.at(directory.resolve("report.json"))) {
            file.begin();
        }

        assertThat(files()).isEmpty();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeTheWork() {
        Path missing = directory.resolve("no/such/report.json");

        TidemarkException thrown =
                catchThrowableOfType(TidemarkException.class, () -> ReportFile.at(missing));
        TidemarkException folder =
                catchThrowableOfType(TidemarkException.class, () -> ReportFile.at(directory));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(thrown)
                .hasMessageStartingWith("cannot write the report %s: ".formatted(missing))
                .hasMessageEndingWith(": no such file or directory");
        assertThat(thrown.hint())
                .isEqualTo(
                        "Choose a folder that is there and that you may write. Nothing was done yet.");
        assertThat(folder)
                .hasMessage("cannot write the report %s: it is no file".formatted(directory));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
