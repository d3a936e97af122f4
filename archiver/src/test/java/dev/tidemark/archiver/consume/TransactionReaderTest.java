package dev.tidemark.archiver.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archiver.consume.TransactionReader.Outcome;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionReaderTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static final Standpoint START = new Standpoint(at(10), Frame.OPENING, "7001", 1, "crm");

    /** Writes down what it is given. */
    private static final class Notebook implements TransactionSink {
        final List<String> whole = new ArrayList<>();
        final List<String> open = new ArrayList<>();
        boolean canTakeBack = true;

        @Override
        public void begin(Entry.Begin begin, long offset) {
            open.clear();
            open.add("@" + offset);
        }

        @Override
        public void add(Entry entry) {
            open.add(((Entry.Message) entry).content());
        }

        @Override
        public void end(Entry.End end) {
            whole.add(end.position() + " " + String.join(" ", open));
        }

        @Override
        public boolean takeBack() {
            return canTakeBack;
        }
    }

    private final Notebook sink = new Notebook();
    private final TransactionReader reader = new TransactionReader(sink, START, List.of());

    private static Position at(long position) {
        return new Position(position);
    }

    private static Frame session() {
        return session("7001", 1, "crm");
    }

    private static Frame session(String systemId, int timeline, String database) {
        Entry session =
                new Entry.Session(
                        "id", "crm", systemId, timeline, database, "18.6", "host/1", NOON);
        return new Frame(Frame.OPENING, at(10), List.of(session));
    }

    private static Frame frame(long session, Entry... entries) {
        return new Frame(session, at(10), List.of(entries));
    }

    private static Entry begin(long previous) {
        return new Entry.Begin(at(previous), previous + 1, NOON);
    }

    private static Entry change(String content) {
        return new Entry.Message("note", content);
    }

    private static Entry end(long position, long changes) {
        return new Entry.End(at(position), NOON, changes);
    }

    private static Frame whole(long session, long previous, long position, String content) {
        return frame(session, begin(previous), change(content), end(position, 1));
    }

    @Test
    void transactionsComeWholeAndInOrder() throws IOException {
        reader.take(0, session());
        reader.take(1, whole(0, 10, 20, "a"));
        reader.take(2, frame(0, begin(20), change("b")));
        assertThat(reader.isInTransaction()).isTrue();
        reader.take(3, frame(0, change("c")));
        reader.take(4, frame(0, end(30, 2)));

        assertThat(reader.isInTransaction()).isFalse();
        assertThat(reader.session()).isZero();
        assertThat(sink.whole).containsExactly("0/14 @1 a", "0/1E @2 b c");
    }

    @Test
    void aRepeatedTransactionIsLeftOut() throws IOException {
        reader.take(0, session());
        reader.take(1, whole(0, 5, 10, "the archive has it"));
        reader.take(2, whole(0, 10, 20, "a"));
        reader.take(3, session());
        reader.take(4, whole(3, 10, 20, "a"));
        reader.take(5, whole(3, 20, 30, "b"));

        assertThat(sink.whole).containsExactly("0/14 @2 a", "0/1E @5 b");
    }

    @Test
    void aReplacedSessionIsLeftOut() throws IOException {
        reader.take(0, session());
        reader.take(1, frame(0, begin(10), change("a")));
        reader.take(2, session());
        reader.take(3, frame(0, end(20, 1)));
        reader.take(4, frame(2, begin(10), change("a")));
        reader.take(5, whole(0, 20, 30, "zombie"));
        reader.take(6, frame(2, end(20, 1)));

        assertThat(sink.whole).containsExactly("0/14 @4 a");
    }

    @Test
    void aBrokenOffTransactionThatCannotBeTakenBackIsReadAgainWithoutIt() throws IOException {
        sink.canTakeBack = false;
        List<Frame> log =
                List.of(
                        session(),
                        whole(0, 10, 20, "a"),
                        frame(0, begin(20), change("b")),
                        frame(0, change("c")),
                        session(),
                        whole(4, 20, 30, "b"));
        for (int offset = 0; offset < 4; offset++) {
            assertThat(reader.take(offset, log.get(offset))).isEqualTo(Outcome.TAKEN);
        }
        assertThat(reader.take(4, log.get(4))).isEqualTo(Outcome.READ_AGAIN);
        assertThat(reader.skipped()).containsExactly(new OffsetRange(2, 3));

        Notebook again = new Notebook();
        TransactionReader second = new TransactionReader(again, START, reader.skipped());
        for (int offset = 0; offset < log.size(); offset++) {
            assertThat(second.take(offset, log.get(offset))).isEqualTo(Outcome.TAKEN);
        }
        assertThat(again.whole).containsExactly("0/14 @1 a", "0/1E @5 b");
    }

    @Test
    void aMissingTransactionIsAHole() throws IOException {
        reader.take(0, session());

        assertHole(1, whole(0, 20, 30, "b"), "the transaction after 0/A follows the one at 0/14");
    }

    @Test
    void anEndWithoutABeginningIsAHole() throws IOException {
        reader.take(0, session());
        reader.take(2, frame(0, change("b")));

        assertHole(3, frame(0, end(20, 2)), "the transaction at 0/14 ends without a beginning");
    }

    @Test
    void aTransactionThatLacksEntriesIsAHole() throws IOException {
        reader.take(0, session());
        reader.take(1, frame(0, begin(10), change("a")));

        assertHole(3, frame(0, end(20, 2)), "the transaction at 0/14 has 2 entries, and 1 came");
    }

    /** What a base after a gap writes into the log; it may be of another server than before. */
    private static Frame goesOn(long to, Frame opening) {
        return new Frame(
                Frame.OPENING,
                at(to),
                List.of(
                        opening.entries().getFirst(),
                        new Entry.Gap(at(10), at(to), "the slot was lost", NOON)));
    }

    @Test
    void aGapIsWaitedAtUntilTheArchiveHasTheBaseAfterIt() {
        assertThatThrownBy(() -> reader.take(0, goesOn(20, session("7002", 1, "crm"))))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the change log goes on after a gap from 0/A to 0/14 at record 0, and the"
                                                    + " archive has no base there yet");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
                        });
    }

    @Test
    void anArchiveThatHasTheBaseAfterAGapGoesOnFromThere() throws IOException {
        reader.take(0, goesOn(10, session()));
        reader.take(1, whole(0, 10, 20, "a"));

        assertThat(sink.whole).hasSize(1);
    }

    @Test
    void aSessionOfAnotherSourceIsRefused() throws IOException {
        assertOfAnother(session("7002", 1, "crm"), "database 'crm' in system 7002 on timeline 1");
        assertOfAnother(session("7001", 2, "crm"), "database 'crm' in system 7001 on timeline 2");
        assertOfAnother(session("7001", 1, "erp"), "database 'erp' in system 7001 on timeline 1");
        assertThat(sink.open).isEmpty();
    }

    private void assertOfAnother(Frame opening, String source) {
        assertThatThrownBy(() -> reader.take(7, opening))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "record 7 of the change log is of %s, and the archive is of 'crm' in system 7001 on timeline 1"
                                                    .formatted(source));
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Positions of the two do not compare, so nothing from there on is archived."
                                                    + " Check source.name, source.url and kafka.bootstrap-servers; after"
                                                    + " a failover or an upgrade 'tidemark base --from-source' takes a"
                                                    + " new base and records the gap.");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }

    private void assertHole(long offset, Frame frame, String how) {
        assertThatThrownBy(() -> reader.take(offset, frame))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the change log has a hole before record %d: %s"
                                                    .formatted(offset, how));
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Nothing after it can be archived without a new base: 'tidemark base"
                                                    + " --from-source' takes one and records the gap. First see in"
                                                    + " docs/runbook.md whether what is missing can be put back.");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
                        });
    }
}
