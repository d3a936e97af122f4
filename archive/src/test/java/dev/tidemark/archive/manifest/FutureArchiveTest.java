package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.manifest.ArchiveTest.assertRefused;
import static dev.tidemark.archive.manifest.ArchiveTest.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.ProgramVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as a newer Tidemark might write them, before the eyes of this one. */
class FutureArchiveTest {
    private static final String LAST = "manifests/00000000000000000002.json";
    private static final String CHECKPOINT = "checkpoints/00000000000000000002.json";
    private static final String UPGRADE =
            "Upgrade Tidemark to the version that writes this archive.";

    private final MemoryObjectStore store = new MemoryObjectStore();

    private static final String US = "this version (" + ProgramVersion.text() + ")";

    @Test
    void anArchiveOfANewerFormatIsRefused() throws Exception {
        future("tidemark.json", "\"format\":1", "\"format\":2");

        assertTooNew("tidemark.json has format 2", "format 1", UPGRADE);
    }

    @Test
    void anArchiveThatNeedsAFeatureIsRefused() throws Exception {
        future(
                "tidemark.json",
                "\"format\":1",
                "\"format\":1,\"needs\":{\"read\":[\"rings\"],\"version\":\"2.1\"}");

        assertTooNew(
                "tidemark.json needs 'rings'",
                "no such feature",
                "Upgrade Tidemark to version 2.1 or newer.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"format\":null}", "{\"format\":0}", "{\"other\":[1]}"})
    void anArchiveWithoutAFormatIsRefused(String text) throws Exception {
        ArchiveTest.written(store, 3);
        store.delete("tidemark.json");
        store.putIfAbsent("tidemark.json", text.getBytes(UTF_8));

        assertRefused(
                () -> Archive.open(store),
                "tidemark.json of the archive memory: has format 0, which is no archive format",
                "No Tidemark wrote it so. Check archive.url, and restore the file from a copy of the archive.");
    }

    @Test
    void aNumberThatIsATextIsANumber() throws Exception {
        future(LAST, "\"format\":1", "\"format\":\"2\"");

        assertTooNew(LAST + " has format 2", "format 1", UPGRADE);
    }

    @Test
    void aManifestOfANewerFormatIsRefused() throws Exception {
        future(LAST, "\"format\":1", "\"format\":2");

        assertTooNew(LAST + " has format 2", "format 1", UPGRADE);
    }

    @Test
    void aManifestThatNeedsFeaturesIsRefused() throws Exception {
        future(
                LAST,
                "\"number\"",
                "\"needs\":{\"read\":[\"rings\",\"seals\"],\"version\":\"2.1\"},\"number\"");

        assertTooNew(
                LAST + " needs 'rings', 'seals'",
                "no such feature",
                "Upgrade Tidemark to version 2.1 or newer.");
    }

    @Test
    void aManifestOfANewKindIsRefused() throws Exception {
        future(LAST, "\"kind\":\"SEGMENT\"", "\"kind\":\"ERASURE\",\"erasure\":{\"of\":7}");

        assertTooNew(LAST + " has the kind ERASURE", "no such kind", UPGRADE);
    }

    @Test
    void aFileOfANewKindIsRefused() throws Exception {
        future(LAST, "\"files\":[]", "\"files\":[{\"kind\":\"INDEX\",\"name\":\"data/x\"}]");

        assertTooNew(LAST + " has the kind INDEX", "no such kind", UPGRADE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"format\":2,\"state\":{}",
                "\"format\":1,\"needs\":{\"read\":[\"rings\"]},\"state\":{}",
                "\"format\":1,\"state\":{\"manifests\":[{\"format\":1,\"kind\":\"ERASURE\"}]}"
            })
    void aCheckpointOfANewerVersionIsRefused(String text) throws Exception {
        ArchiveTest.written(store, 3);
        store.putIfAbsent(CHECKPOINT, ("{" + text + "}").getBytes(UTF_8));

        assertThatThrownBy(() -> Archive.open(store))
                .hasMessageStartingWith(
                        "the archive memory: was written by a newer Tidemark: " + CHECKPOINT);
        assertThatThrownBy(() -> Archive.damage(store))
                .hasMessageStartingWith(
                        "the archive memory: was written by a newer Tidemark: " + CHECKPOINT);
    }

    @Test
    void whoIsAtWorkStopsAtTheFirstManifestOfANewerVersion() throws Exception {
        Archive archive = ArchiveTest.written(store, 2);
        ArchiveState before = archive.state();
        Archive.open(store).commit(step(2));
        replace(LAST, "\"format\":1", "\"format\":2");

        assertTooNewSays(archive::refresh, LAST + " has format 2", "format 1", UPGRADE);
        assertThat(archive.state()).isEqualTo(before);
    }

    @Test
    void whatANewerVersionAddsWithoutNeedsIsPassedOver() throws Exception {
        future(LAST, "\"number\"", "\"novelty\":{\"of\":[1]},\"number\"");

        Archive archive = Archive.open(store);

        assertThat(archive.commit(step(3)).number()).isEqualTo(3);
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void anArchiveThatOnlyNewerVersionsMayWriteIsReadAndNeverWritten() throws Exception {
        future(
                LAST,
                "\"number\"",
                "\"needs\":{\"write\":[\"rings\"],\"version\":\"2.1\"},\"number\"");
        List<String> before = store.list("", "", 1_000);
        String message =
                "the archive memory: can be read by "
                        + US
                        + ", but not written: "
                        + LAST
                        + " needs 'rings' for that";
        String hint = "Upgrade Tidemark to version 2.1 or newer.";

        Archive archive = Archive.open(store);

        assertThat(archive.state().last()).isEqualTo(2);
        assertThat(Archive.damage(store)).isEmpty();
        assertRefused(archive::checkSigning, message, hint);
        assertRefused(() -> archive.commit(step(3)), message, hint);
        assertRefused(archive::collectGarbage, message, hint);
        assertRefused(archive::collectReplaced, message, hint);
        assertRefused(() -> archive.pack(Instant.MAX), message, hint);
        assertThat(store.list("", "", 1_000)).isEqualTo(before);
    }

    @Test
    void whoAltersAManifestDoesNotHideBehindANewerVersion() throws Exception {
        ArchiveTest.written(store, 3);
        String name = "manifests/00000000000000000001.json";
        replace(name, "\"format\":1", "\"format\":2");

        assertThat(ChainCheck.run(store, SignatureRule.NONE, List.of()).findings())
                .extracting(finding -> finding.message())
                .containsExactly(
                        "the archive's manifest manifests/00000000000000000002.json does not follow from the one"
                                + " before it: one of the two was altered",
                        "the archive memory: was written by a newer Tidemark: manifests/00000000000000000001.json"
                                + " has format 2, and "
                                + US
                                + " knows format 1");
    }

    /** Three manifests, of which one text is as a newer version may have written it. */
    private void future(String name, String from, String to) throws Exception {
        ArchiveTest.written(store, 3);
        replace(name, from, to);
    }

    private void replace(String name, String from, String to) throws IOException {
        String text = new String(store.get(name), UTF_8);
        assertThat(text).contains(from);
        store.delete(name);
        store.putIfAbsent(name, text.replaceFirst(Pattern.quote(from), to).getBytes(UTF_8));
    }

    private void assertTooNew(String what, String known, String hint) {
        assertTooNewSays(() -> Archive.open(store), what, known, hint);
        assertTooNewSays(() -> Archive.damage(store), what, known, hint);
    }

    private static void assertTooNewSays(
            ThrowingCallable operation, String what, String known, String hint) {
        assertRefused(
                operation,
                "the archive memory: was written by a newer Tidemark: %s, and this version (%s) knows %s"
                        .formatted(what, ProgramVersion.text(), known),
                hint);
    }
}
