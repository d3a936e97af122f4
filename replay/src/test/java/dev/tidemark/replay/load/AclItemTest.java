package dev.tidemark.replay.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AclItemTest {
    @Test
    void anItemNamesWhoGaveWhatToWhom() {
        assertThat(AclItem.parse("bob=r*wU/alice"))
                .contains(
                        new AclItem(
                                "bob",
                                List.of(
                                        new AclItem.Right('r', true),
                                        new AclItem.Right('w', false),
                                        new AclItem.Right('U', false)),
                                "alice"));
    }

    @Test
    void namesInQuotesMayHoldWhatElseEndsThem() {
        assertThat(AclItem.parse("\"a = \"\"b\"\"/r*\"=X/\"c/d=e\""))
                .contains(
                        new AclItem(
                                "a = \"b\"/r*", List.of(new AclItem.Right('X', false)), "c/d=e"));
    }

    @Test
    void withoutGranteeItIsEverybodys() {
        assertThat(AclItem.parse("=r/alice"))
                .contains(new AclItem("", List.of(new AclItem.Right('r', false)), "alice"));
    }

    @Test
    void withoutLettersItGrantsNothing() {
        assertThat(AclItem.parse("=/alice")).contains(new AclItem("", List.of(), "alice"));
    }

    @Test
    void whatIsOfAnotherFormIsNoItem() {
        for (String text :
                List.of("", "alice", "alice=r", "r/alice", "\"alice", "\"alice\"", "\"a\"r/b")) {
            assertThat(AclItem.parse(text)).as(text).isEmpty();
        }
    }
}
