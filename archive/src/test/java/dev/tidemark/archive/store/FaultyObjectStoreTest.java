package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FaultyObjectStoreTest {
    private final MemoryObjectStore inner = new MemoryObjectStore();

    @Test
    void theNthCallFailsBeforeItsEffect() throws IOException {
        var store = new FaultyObjectStore(inner, 2, Fault.BEFORE);

        assertThat(store.putIfAbsent("a", bytes("a"))).isTrue();
        assertThat(store.hasFailed()).isFalse();
        assertThatThrownBy(() -> store.putIfAbsent("b", bytes("b")))
                .isInstanceOf(IOException.class)
                .hasMessage("injected failure before call 2: putIfAbsent 'b'");
        assertThat(store.hasFailed()).isTrue();
        assertThat(store.putIfAbsent("c", bytes("c"))).isTrue();
        assertThat(inner.list("", "", 10)).containsExactly("a", "c");
    }

    @Test
    void theNthCallFailsAfterItsEffect() throws IOException {
        var store = new FaultyObjectStore(inner, 1, Fault.AFTER);

        assertThatThrownBy(() -> store.putIfAbsent("a", bytes("a")))
                .isInstanceOf(IOException.class)
                .hasMessage("injected failure after call 1: putIfAbsent 'a'");
        assertThat(store.get("a")).isEqualTo(bytes("a"));
    }

    @Test
    void aDeadStoreStaysDead() throws IOException {
        for (Fault fault : new Fault[] {Fault.DEAD_BEFORE, Fault.DEAD_AFTER}) {
            var store = new FaultyObjectStore(inner, 1, fault);

            assertThatThrownBy(() -> store.delete("x"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "injected failure "
                                    + (fault == Fault.DEAD_BEFORE ? "before" : "after")
                                    + " call 1: delete 'x'");
            assertThatThrownBy(() -> store.list("m/", "", 1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("injected failure before call 2: list 'm/'");
        }
    }

    @Test
    void aRetriedCallTakesItsOwnObjectForAnothers() throws IOException {
        var store = new FaultyObjectStore(inner, 1, Fault.RETRIED);

        assertThat(store.putIfAbsent("a", bytes("a"))).isFalse();
        assertThat(store.get("a")).isEqualTo(bytes("a"));
        assertThat(store.putIfAbsent("b", bytes("b"))).isTrue();
    }

    @Test
    void manyCallsFailAsTheirCallerSays() throws IOException {
        var store =
                new FaultyObjectStore(
                        inner,
                        call -> call % 2 == 0 ? Optional.of(Fault.BEFORE) : Optional.empty());

        for (String name : List.of("a", "c", "e")) {
            assertThat(store.putIfAbsent(name, bytes(name))).isTrue();
            assertThatThrownBy(() -> store.putIfAbsent("not", bytes("not")))
                    .isInstanceOf(IOException.class);
        }
        assertThat(store.hasFailed()).isTrue();
        assertThat(inner.list("", "", 10)).containsExactly("a", "c", "e");
    }

    @Test
    void aCountBelowOneIsRefused() {
        assertThatThrownBy(() -> new FaultyObjectStore(inner, 0, Fault.BEFORE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("calls are counted from 1: 0");
    }
}
