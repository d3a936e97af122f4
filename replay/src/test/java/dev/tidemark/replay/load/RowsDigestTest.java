package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowsDigestTest {
    @Test
    void theSumIsThatOfTheFirst16BytesModulo2To128() throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        List<String> rows = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 1000; i++) {
            String row = i + "\t" + Integer.toHexString(i);
            rows.add(row);
            byte[] hash = Arrays.copyOf(sha256.digest(row.getBytes(UTF_8)), 16);
            sum = sum.add(new BigInteger(1, hash));
        }
        String hex = HexFormat.of().formatHex(sum.toByteArray());

        assertThat(checksum(rows).toString())
                .isEqualTo("1000 rows with checksum " + hex.substring(hex.length() - 32));
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        List<String> rows = new ArrayList<>(List.of("a", "b", "b", "", "c\td"));
        RowsChecksum before = checksum(rows);

        Collections.shuffle(rows, new Random(7));

        assertThat(checksum(rows)).isEqualTo(before);
    }

    @Test
    void equalRowsDoNotCancelEachOtherOut() {
        assertThat(checksum(List.of("a", "a")))
                .isNotEqualTo(checksum(List.of("b", "b")))
                .isNotEqualTo(checksum(List.of("a")));
    }

    @Test
    void noRowsHaveTheChecksumZero() {
        assertThat(checksum(List.of())).isEqualTo(new RowsChecksum(0, 0, 0));
    }

    @Test
    void linesThatComeInPartsAreTheSameRows() {
        List<String> rows = List.of("a\tb", "", "", "c".repeat(200), "\\\\n");
        byte[] lines = (String.join("\n", rows) + "\n").getBytes(UTF_8);

        for (int size = 1; size <= lines.length; size++) {
            RowsDigest digest = new RowsDigest();
            for (int from = 0; from < lines.length; from += size) {
                digest.addLines(
                        Arrays.copyOfRange(lines, from, Math.min(lines.length, from + size)));
            }
            assertThat(digest.checksum()).as("in parts of " + size).isEqualTo(checksum(rows));
        }
    }

    private static RowsChecksum checksum(List<String> rows) {
        RowsDigest digest = new RowsDigest();
        for (String row : rows) {
            byte[] bytes = ("xx" + row + "\n").getBytes(UTF_8);
            digest.add(bytes, 2, bytes.length - 3);
        }
        return digest.checksum();
    }
}
