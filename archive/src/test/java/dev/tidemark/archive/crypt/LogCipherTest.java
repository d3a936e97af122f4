package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.log.FrameEncoder;
import dev.tidemark.schemas.log.RecordCipher;
import dev.tidemark.schemas.log.RecordReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records of a change log that are encrypted, and what becomes of those that somebody moved. */
class LogCipherTest {
    private static final String TOPIC = "tidemark.crm";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Frame OPENING =
            new Frame(
                    Frame.OPENING,
                    new Position(5),
                    List.of(
                            new Entry.Session(
                                    "id", "crm", "7001", 1, "crm", "18.6", "host/1", NOON)));

    private final KeyEncryptionKey key = key(1);
    private final LogCipher cipher = LogCipher.sealing(KeyChain.of(key));

    private static KeyEncryptionKey key(long seed) {
        byte[] bytes = new byte[KeyEncryptionKey.BYTES];
        new Random(seed).nextBytes(bytes);
        return LocalKey.parse(Base64.getEncoder().encodeToString(bytes), "of the test");
    }

    private static Frame frame(String text) {
        return new Frame(
                7,
                new Position(10),
                List.of(
                        new Entry.Row(
                                16_384,
                                Operation.INSERT,
                                BeforeImage.NONE,
                                List.of(),
                                List.of(new Value.Text(text.getBytes(UTF_8))))));
    }

    private byte[] sealed(Frame frame, long offset) {
        return cipher.seal(FrameEncoder.encode(frame), TOPIC, offset);
    }

    private static RecordReader reader(RecordCipher cipher) {
        return new RecordReader(TOPIC, cipher);
    }

    @Test
    void whatIsSealedIsReadWithTheKeyAndShowsNothing() {
        RecordReader reader = reader(LogCipher.opening(KeyChain.of(key(1))));
        for (int length : new int[] {0, 1, 40, 3_000, 300_000}) {
            Frame frame = frame("Ada".repeat(length));

            byte[] record = sealed(frame, 8);

            assertThat(reader.read(8, record)).hasValue(frame);
            assertThat(new String(record, UTF_8)).doesNotContain("Ada");
        }
        assertThat(reader.read(99, sealed(OPENING, Frame.OPENING))).hasValue(OPENING);
    }

    @Test
    void whatIsRandomIsNotMadeSmaller() {
        byte[] bytes = new byte[10_000];
        new Random(3).nextBytes(bytes);
        Frame frame = frame(Base64.getEncoder().encodeToString(bytes));

        assertThat(reader(cipher).read(8, sealed(frame, 8))).hasValue(frame);
    }

    @Test
    void recordsInClearAreReadOnBesideEncryptedOnes() {
        Frame frame = frame("Ada");

        assertThat(reader(cipher).read(8, FrameEncoder.encode(frame))).hasValue(frame);
        assertThat(LogCipher.opening(KeyChain.of(key)).seal(FrameEncoder.encode(frame), TOPIC, 8))
                .isEqualTo(FrameEncoder.encode(frame));
    }

    @Test
    void aRecordAtAnotherPlaceCountsForNothing() {
        byte[] record = sealed(frame("Ada"), 8);

        assertThat(reader(cipher).read(9, record)).isEmpty();
    }

    @Test
    void aRecordOfAnotherTopicIsRefused() {
        byte[] record = cipher.seal(FrameEncoder.encode(frame("Ada")), "tidemark.erp", 8);

        assertThat(
                        catchThrowableOfType(
                                TidemarkException.class, () -> reader(cipher).read(8, record)))
                .hasMessage(
                        "record 8 of the topic 'tidemark.crm' cannot be decrypted with the key %s that it names"
                                .formatted(key.id()));
    }

    @Test
    void noByteCanBeChangedUnseen() {
        byte[] record = sealed(frame("Ada"), 8);
        List<Integer> unseen = new ArrayList<>();
        for (int i = 0; i < record.length; i++) {
            byte[] altered = record.clone();
            altered[i] ^= 1;
            try {
                reader(cipher).read(8, altered);
                unseen.add(i);
            } catch (TidemarkException e) {
                assertThat(e.hint()).isNotEmpty();
            }
        }

        assertThat(unseen).isEmpty();
    }

    @Test
    void withoutTheKeyItIsNamed() {
        byte[] record = sealed(frame("Ada"), 8);

        var error =
                catchThrowableOfType(
                        TidemarkException.class, () -> reader(RecordCipher.NONE).read(8, record));

        assertThat(error)
                .hasMessage(
                        "record 8 of the topic 'tidemark.crm' is encrypted with the key %s, and no key is configured"
                                .formatted(key.id()));
        assertThat(error.hint())
                .isEqualTo("Set encryption.key-file or encryption.key-env to that key.");
        assertThat(reader(RecordCipher.NONE).isLocked(record)).isTrue();
        assertThat(reader(cipher).isLocked(record)).isFalse();
    }

    @Test
    void withAnotherKeyBothAreNamedAndWithBothItIsRead() {
        byte[] record = sealed(frame("Ada"), 8);
        KeyChain next = KeyChain.of(key(2));

        var error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> reader(LogCipher.sealing(next)).read(8, record));

        assertThat(error)
                .hasMessage(
                        "record 8 of the topic 'tidemark.crm' is encrypted with the key %s, and the key at hand is %s"
                                .formatted(key.id(), key(2).id()));
        assertThat(error.hint()).contains("encryption.previous-key-file");
        assertThat(reader(LogCipher.sealing(next.and(key))).read(8, record)).hasValue(frame("Ada"));
    }

    @Test
    void aKeyThatWasExchangedWhereItIsKeptIsTaken() {
        List<KeyEncryptionKey> kept = new ArrayList<>(List.of(key(2)));
        LogCipher reading = LogCipher.opening(KeyChain.from(() -> List.copyOf(kept)));
        byte[] record = sealed(frame("Ada"), 8);
        assertThat(reading.holds(key.id())).isFalse();

        kept.set(0, key);

        assertThat(reader(reading).read(8, record)).hasValue(frame("Ada"));
        assertThat(reading.holds(key(2).id())).isTrue();
    }

    @Test
    void aKeyThatWasReadLaterIsNotGivenUpForTheFirst() {
        List<KeyEncryptionKey> kept = new ArrayList<>(List.of(key));
        KeyChain chain =
                KeyChain.from(
                        () -> {
                            if (kept.isEmpty()) {
                                throw TidemarkException.refused("no file", "Put it back.");
                            }
                            return List.copyOf(kept);
                        });
        kept.set(0, key(2));
        assertThat(chain.current().id()).isEqualTo(key(2).id());

        kept.clear();

        assertThat(chain.current().id()).isEqualTo(key(2).id());
        assertThat(chain.find(key(2).id())).isPresent();
        assertThat(chain.find(key.id())).as("what it began with").isPresent();
    }

    @Test
    void aDamagedRecordIsNotTakenForOneWithoutKey() {
        byte[] record = sealed(frame("Ada"), 8);
        byte[] cut = Arrays.copyOf(record, 20);

        assertThat(RecordReader.isEncrypted(cut)).isTrue();
        assertThat(reader(cipher).isLocked(cut)).isFalse();
        assertThat(reader(RecordCipher.NONE).isLocked(cut)).isFalse();
    }
}
