package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LargeRowTest {
    private static final Entry.Relation DOCUMENT =
            new Entry.Relation(
                    16384,
                    "crm",
                    "document",
                    List.of(
                            new Entry.RelationColumn("owner", 23, -1, true),
                            new Entry.RelationColumn("body", 25, -1, false),
                            new Entry.RelationColumn("name", 25, -1, true)));

    private final ByteBuffer message = ByteBuffer.allocate(1_000);

    private LargeRowTest insert() {
        message.put((byte) 'I').putInt(16384).put((byte) 'N').putShort((short) 3);
        return this;
    }

    private LargeRowTest text(String value, int length) {
        message.put((byte) 't').putInt(length).put(value.getBytes(UTF_8));
        return this;
    }

    private static Entry.@Nullable Relation relation(long table) {
        return table == 16384 ? DOCUMENT : null;
    }

    private String refusal() {
        return String.valueOf(
                LargeRow.refusal(message.flip(), LargeRowTest::relation, 5_000, 4_000)
                        .getMessage());
    }

    @Test
    void aWholeRowIsNamedByItsKey() {
        insert().text("7", 1).text("b".repeat(20), 20).text("Vertrag", 7);

        assertThat(refusal())
                .isEqualTo(
                        "the row owner=7, name=Vertrag of table crm.document has 5000 bytes, 20 of them in column body,"
                                + " and capture.row-max-bytes allows 4000");
    }

    @Test
    void ofARowWhoseRestIsNotReadTheBeginningNamesIt() {
        insert().text("7", 1).text("b", 4_950);

        assertThat(refusal())
                .isEqualTo(
                        "the row owner=7 of table crm.document has 5000 bytes, 4950 of them in column body, and"
                                + " capture.row-max-bytes allows 4000");
    }

    @Test
    void anUpdateIsNamedByTheRowThatIsReadLast() {
        message.put((byte) 'U').putInt(16384).put((byte) 'O').putShort((short) 3);
        text("7", 1).text("b", 1).text("old", 3);
        message.put((byte) 'N').putShort((short) 3);
        text("8", 1);
        message.put((byte) 'n');
        text("n", 4_900);

        assertThat(refusal())
                .isEqualTo(
                        "the row owner=8 of table crm.document has 5000 bytes, 4900 of them in column name, and"
                                + " capture.row-max-bytes allows 4000");
    }

    @Test
    void whatIsNoRowIsAMessage() {
        message.put((byte) 'M').put(new byte[20]);

        assertThat(refusal())
                .isEqualTo(
                        "a message in the source's log has 5000 bytes, and capture.row-max-bytes allows 4000");
    }
}
