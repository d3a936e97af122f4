package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeyTest {
    private static final String MAKE =
            "'tidemark keygen --encryption FILE' makes a key; a passphrase is none.";
    private static final String MUST = "It must be base64 of 32 random bytes. " + MAKE;

    @TempDir Path folder;

    @Test
    void aKeyThatWasMadeIsReadAndOnlyItsOwnerMay() throws IOException {
        Path file = folder.resolve("crm.key");

        KeyEncryptionKey made = LocalKey.generate(file);

        assertThat(LocalKey.read(file).id()).isEqualTo(made.id()).matches("[0-9a-f]{12}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(made).hasToString("KeyEncryptionKey[%s]".formatted(made.id()));
        assertThat(LocalKey.generate(folder.resolve("other.key")).id()).isNotEqualTo(made.id());
    }

    @Test
    void theIdOfAKeyIsTheSameForEver() {
        assertThat(LocalKey.parse(" hmnpvN0VL0rClRlWoJHL0HbUfVqTnzjyZGBvGRp7TbI=\n", "here").id())
                .isEqualTo("9a3346d3d140");
    }

    @Test
    void aKeyIsNeverWrittenOver() {
        Path file = folder.resolve("crm.key");
        LocalKey.generate(file);

        assertRefused(
                () -> LocalKey.generate(file),
                "there is a file %s already".formatted(file),
                "A key is never written over: what it encrypted would be lost. Name another file.");
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        Path file = folder.resolve("crm.key");
        LocalKey.generate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertRefused(
                () -> LocalKey.read(file),
                "other users may read or change the encryption key in " + file,
                "Run 'chmod 600' on it. If others can have read it already, make a new key and run 'tidemark key rotate'.");
    }

    @Test
    void aMissingFileIsRefused() {
        Path file = folder.resolve("none.key");

        assertRefused(
                () -> LocalKey.read(file),
                "cannot read the encryption key in %s: no such file or directory".formatted(file),
                "Check that the file is there and that you may read it.");
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("large"), "A".repeat(2_000));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertRefused(
                () -> LocalKey.read(file),
                "the encryption key in %s has more than 1024 bytes: this is another file"
                        .formatted(file),
                MAKE);
    }

    @Test
    void whatIsNotThirtyTwoBytesIsRefused() {
        assertRefused(
                () -> LocalKey.parse(base64(new byte[16]), "here"),
                "the encryption key here has 16 bytes instead of 32",
                MUST);
        assertRefused(
                () -> LocalKey.parse("0123456789abcdef".repeat(4), "here"), // 32 bytes in hex
                "the encryption key here has 48 bytes instead of 32",
                MUST);
        assertRefused(
                () -> LocalKey.parse("correct horse, battery", "here"),
                "the encryption key here is not base64",
                MUST);
        assertRefused(() -> LocalKey.parse(" ", "here"), "the encryption key here is empty", MAKE);
    }

    @Test
    void bytesThatAreNotRandomAreRefused() {
        byte[] same = new byte[32];
        Arrays.fill(same, (byte) 7);
        byte[] sequence = new byte[32];
        for (int i = 0; i < 32; i++) {
            sequence[i] = (byte) (200 + 5 * i);
        }
        byte[] few = new byte[32];
        for (int i = 0; i < 32; i++) {
            few[i] = (byte) (i * i % 7 * 40);
        }
        for (byte[] weak :
                new byte[][] {
                    same, sequence, few, "my cat walks on the keyboard 123".getBytes(UTF_8)
                }) {
            assertRefused(
                    () -> LocalKey.parse(base64(weak), "here"),
                    "the encryption key here is weak: its bytes are not random",
                    MAKE);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void assertRefused(ThrowingCallable call, String message, String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                            assertThat(e).hasMessage(message);
                            assertThat(e.hint()).isEqualTo(hint);
                        });
    }

    @Test
    void aKeyInThePlaceOfAFileIsNotRepeated() {
        String key = Base64.getEncoder().encodeToString(new byte[32]).replace('A', 'k');

        assertThatThrownBy(() -> LocalKey.read(folder.resolve(key)))
                .hasMessage(
                        "the encryption key's file cannot be read: its name looks like a key itself");
    }
}
