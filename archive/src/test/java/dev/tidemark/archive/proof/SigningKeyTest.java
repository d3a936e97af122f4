package dev.tidemark.archive.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("signing.pem");
    }

    @Test
    void whatAKeySignsItsPublicHalfKnowsAndNoOther() {
        Path publicFile = SigningKey.create(file());
        SigningKey key = SigningKey.read(file());
        Path otherFile = SigningKey.create(folder.resolve("other.pem"));

        String signature = key.sign(TEXT);

        TrustedKeys trusted = TrustedKeys.read(List.of(publicFile, otherFile));
        TrustedKeys other = TrustedKeys.read(List.of(otherFile));
        assertThat(key.signer()).matches("[0-9a-f]{16}");
        assertThat(signature).isEqualTo(key.sign(TEXT)).matches("[A-Za-z0-9+/]{86}==");
        assertThat(trusted.standing(key.signer(), signature, TEXT))
                .isEqualTo(TrustedKeys.Standing.TRUE);
        assertThat(trusted.standing(key.signer(), signature, new byte[1]))
                .isEqualTo(TrustedKeys.Standing.FALSE);
        assertThat(trusted.standing(key.signer(), "no signature", TEXT))
                .isEqualTo(TrustedKeys.Standing.FALSE);
        assertThat(other.standing(key.signer(), signature, TEXT))
                .isEqualTo(TrustedKeys.Standing.UNTRUSTED);
    }

    @Test
    void aPrivateKeyIsItsOwnersAloneAndNeverOverwritten() throws Exception {
        SigningKey.create(file());
        String before = Files.readString(file());

        assertThatThrownBy(() -> SigningKey.create(file()))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("the file %s exists already".formatted(file()));
        assertThat(Files.readString(file())).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aPrivateKeyThatOthersMayReadIsRefused() throws Exception {
        SigningKey.create(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SigningKey.read(file()))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "others than its owner have rights to the private key %s".formatted(file()))
                .extracting("hint")
                .isEqualTo(
                        "Run 'chmod 600 %s', and think of who may have read it.".formatted(file()));
    }

    @Test
    void aFileThatIsNoKeyIsNamed() throws Exception {
        Path publicFile = SigningKey.create(file());
        Path wrong = Files.copy(publicFile, folder.resolve("wrong"));
        Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-------"));
        Path half = folder.resolve("half");
        Files.writeString(
                half, Files.readString(file()).replaceFirst("(?s)-----BEGIN PUBLIC.*", ""));
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> SigningKey.read(wrong))
                .hasMessage("the file %s holds no private key for Ed25519".formatted(wrong));
        assertThatThrownBy(() -> SigningKey.read(half))
                .hasMessage(
                        "the file %s does not hold the public key that belongs to its private key"
                                .formatted(half));
        assertThatThrownBy(() -> TrustedKeys.read(List.of(half)))
                .hasMessage("the file %s holds no public key for Ed25519".formatted(half));
    }
}
