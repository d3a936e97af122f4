package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesFileTest {
    @TempDir private Path directory;

    @Test
    void anEntryNamesBothSidesAndTheValuesOfRowsThatTakePart() throws Exception {
        Path file =
                file(
                        """
                        references:
                          - {from: activity.parent_id, to: account.id, when: {parent_type: Account}}
                          - {from: note.about, to: crm.contact.id, when: {kind: [1, true]}}
                          - {from: note.by, to: staff.id}
                        """);

        assertThat(ReferencesFile.read(file))
                .containsExactly(
                        new VirtualReference(
                                "activity.parent_id",
                                "account.id",
                                Map.of("parent_type", List.of("Account"))),
                        new VirtualReference(
                                "note.about",
                                "crm.contact.id",
                                Map.of("kind", List.of("1", "true"))),
                        new VirtualReference("note.by", "staff.id", Map.of()));
    }

    @Test
    void anEntryForAllValuesOfAColumnIsOneForEach() throws Exception {
        Path file =
                file(
                        """
                        - from: [call.about, note.about]
                          by: kind
                          to: {Account: account.id, Contact: contact.id}
                          when: {gone: false}
                        """);

        assertThat(ReferencesFile.read(file))
                .containsExactly(
                        reference("call.about", "account.id", "Account"),
                        reference("note.about", "account.id", "Account"),
                        reference("call.about", "contact.id", "Contact"),
                        reference("note.about", "contact.id", "Contact"));
    }

    private static VirtualReference reference(String from, String to, String kind) {
        return new VirtualReference(
                from, to, Map.of("gone", List.of("false"), "kind", List.of(kind)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Account                  | what stands behind when names no column with its values",
                "[parent_type, Account]   | what stands behind when names no column with its values",
                "''                       | what stands behind when names no column with its values",
                "{}                       | what stands behind when names no column with its values",
                "{parent_type: []}        | a list of values behind when is empty",
                "{parent_type: null}      | what stands behind when is a value, or a list of values",
                "{parent_type: {a: b}}    | what stands behind when is a value, or a list of values",
                "{a: b, a: c}             | it is not YAML: Duplicate field 'a'"
            })
    void whatStandsBehindWhenIsNeverPassedOver(String when, String message) throws Exception {
        Path file = file("- {from: a.b, to: c.d, when: %s}".formatted(when));

        TidemarkException thrown =
                catchThrowableOfType(TidemarkException.class, () -> ReferencesFile.read(file));

        assertThat(thrown)
                .hasMessage("the references in '%s' cannot be read: %s".formatted(file, message));
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("references.yaml"), text);
    }
}
