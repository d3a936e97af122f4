package dev.tidemark.archive.crypt;

import static dev.tidemark.archive.Samples.KEYS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads an encrypted archive as docs/format.md says, with nothing but the JDK's ciphers. */
class FormatWithoutTinkTest {
    private static final byte[] KEY =
            Base64.getDecoder().decode("hmnpvN0VL0rClRlWoJHL0HbUfVqTnzjyZGBvGRp7TbI=");

    private static final int SEGMENT = 65_536;
    private static final int TAG = 16;
    private static final int HEADER = 40;

    @TempDir private Path folder;

    @Test
    void whatTheDocumentSaysIsEnoughToReadAFile() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Archive archive = Archive.create(store, Samples.IDENTITY, KEYS);
        byte[] dataKey = dataKey(store);
        Random random = new Random(7);
        for (int size : new int[] {0, 1, SEGMENT - HEADER - TAG, SEGMENT, 3 * SEGMENT + 5}) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            Path local = Files.write(folder.resolve("local"), content);
            String name = size + ".parquet";

            FileRef file = archive.upload(local, name, FileRef.Kind.BASE, 1, 1, 1);

            assertThat(decrypted(store.get(file.name()), dataKey, file.name()))
                    .as("%d bytes", size)
                    .isEqualTo(content);
        }
    }

    private static byte[] dataKey(MemoryObjectStore store) throws Exception {
        String name = "keys/00000000000000000000.json";
        KeyEnvelope envelope = CanonicalJson.read(store.get(name), KeyEnvelope.class, name);
        byte[] wrapped = field(Base64.getDecoder().decode(envelope.keyset()), 2);
        String binding =
                "%s of archive %s".formatted(name, Hashes.sha256(store.get("tidemark.json")));
        Cipher cipher = gcm(KEY, Arrays.copyOf(wrapped, 12));
        cipher.updateAAD(binding.getBytes(UTF_8));
        byte[] keyset = cipher.doFinal(wrapped, 12, wrapped.length - 12);
        byte[] keyData = field(field(keyset, 2), 1); // the only key, and its data
        assertThat(field(keyData, 1))
                .asString(UTF_8)
                .isEqualTo("type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey");
        return field(field(keyData, 2), 3);
    }

    private static Cipher gcm(byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG * 8, nonce));
        return cipher;
    }

    /** A field of a protocol buffer that has a length. */
    private static byte[] field(byte[] message, int wanted) {
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = number(in);
            long value = number(in);
            if ((tag & 7) == 2) {
                byte[] content = new byte[Math.toIntExact(value)];
                in.get(content);
                if (tag >> 3 == wanted) {
                    return content;
                }
            }
        }
        throw new AssertionError("no field " + wanted);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    private static byte[] decrypted(byte[] stored, byte[] dataKey, String name)
            throws GeneralSecurityException {
        assertThat(stored[0]).isEqualTo((byte) HEADER);
        byte[] key = hkdf(dataKey, Arrays.copyOfRange(stored, 1, 33), name.getBytes(UTF_8));
        byte[] prefix = Arrays.copyOfRange(stored, 33, HEADER);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int number = 0;
        for (int from = HEADER; from < stored.length; number++) {
            int to = Math.min(stored.length, (number + 1) * SEGMENT);
            byte isLast = (byte) (to == stored.length ? 1 : 0);
            byte[] nonce = ByteBuffer.allocate(12).put(prefix).putInt(number).put(isLast).array();
            plain.writeBytes(gcm(key, nonce).doFinal(stored, from, to - from));
            from = to;
        }
        return plain.toByteArray();
    }

    /** RFC 5869 with SHA-256, of one block. */
    private static byte[] hkdf(byte[] secret, byte[] salt, byte[] info)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(salt, "HmacSHA256"));
        byte[] extracted = mac.doFinal(secret);
        mac.init(new SecretKeySpec(extracted, "HmacSHA256"));
        mac.update(info);
        return mac.doFinal(new byte[] {1});
    }
}
