package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.KEYS;
import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeysReport.Standing;
import dev.tidemark.archive.crypt.LocalKey;
import dev.tidemark.archive.crypt.WrittenEncrypted;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What is found of an encrypted archive, with its key and without, by {@code verify} and by the
 * script.
 */
class EncryptedVerificationTest {
    private static final String KEY = "keys/00000000000000000000.json";
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final KeyChain OTHER =
            KeyChain.of(LocalKey.parse("F8D6q1R5bG3AZZmOA0mSxo0WZ8hDg2gGkrTm3q1o0d4=", "of tests"));

    @TempDir Path folder;
    @TempDir Path copy;

    private ObjectStore store = new MemoryObjectStore();

    /** What is done to an archive, and what is to be said of it without its key and with it. */
    private record Damage(String name, Deed deed, Verdict without, Verdict with, String problem) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Deed {
        void to(ObjectStore store) throws IOException;
    }

    static final List<Damage> DAMAGES =
            List.of(
                    new Damage(
                            "its keys are deleted",
                            store -> store.delete(KEY),
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "the archive memory: is encrypted, and holds no keys: no file in it can be read"),
                    new Damage(
                            "its keys are overwritten",
                            store -> replace(store, KEY, "junk"),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "cannot read memory: " + KEY + ": "),
                    new Damage(
                            "its keys wrap nothing",
                            store -> edit(store, "\"keyset\":\"[^\"]+", "\"keyset\":\"EgA="),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "no wrapped data keys of format 1"),
                    new Damage(
                            "its keys are under another number",
                            store ->
                                    store.putIfAbsent(
                                            KEY.replace("0.json", "1.json"), store.get(KEY)),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "the archive's file keys/00000000000000000001.json says that it is "
                                    + KEY),
                    new Damage(
                            "something else lies among its keys",
                            store -> store.putIfAbsent("keys/junk", new byte[] {1}),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "keys/junk in memory: holds no wrapped data keys"),
                    new Damage(
                            "what is wrapped is altered, and has its form",
                            store -> edit(store, "(\"keyset\":\".{60})....", "$1AAAA"),
                            Verdict.GOOD,
                            Verdict.ALTERED,
                            "the archive's file %s of memory: cannot be opened with the key %s that it names: it was altered, or is another archive's"
                                    .formatted(KEY, KEYS.keys().getFirst().id())),
                    new Damage(
                            "its keys name another key",
                            store -> edit(store, "\"kek\":\"[^\"]+", "\"kek\":\"0123456789ab"),
                            Verdict.GOOD,
                            Verdict.ALTERED,
                            "the archive's file %s of memory: names the key 0123456789ab, and another one opens it"
                                    .formatted(KEY)),
                    new Damage(
                            "it is another one, which is not encrypted",
                            EncryptedVerificationTest::exchange,
                            Verdict.GOOD,
                            Verdict.DIVERGED,
                            "the archive memory: is not encrypted, and a key is configured: it is another one"));

    private static void exchange(ObjectStore store) throws IOException {
        for (String name : store.list("", "", 1_000)) {
            store.delete(name);
        }
        Archive.create(store, Samples.IDENTITY);
    }

    private static void edit(ObjectStore store, String from, String to) throws IOException {
        String text = new String(store.get(KEY), UTF_8);
        String edited = text.replaceFirst(from, to);
        assertThat(edited).isNotEqualTo(text);
        replace(store, KEY, edited);
    }

    private static void replace(ObjectStore store, String name, String content) throws IOException {
        store.delete(name);
        store.putIfAbsent(name, content.getBytes(UTF_8));
    }

    @BeforeEach
    void write() throws Exception {
        Archive archive = Archive.create(store, Samples.IDENTITY, KEYS);
        new WrittenArchive(archive, folder)
                .base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
    }

    private Verification.Report verified(Verification.Level level, KeyChain keys)
            throws IOException {
        ChainReport chain = ChainCheck.run(store, SignatureRule.NONE, List.of(), keys);
        return Verification.run(
                Archive.openAsFound(store, chain, keys),
                chain,
                folder,
                Verification.Extent.all(level),
                bytes -> {});
    }

    @Test
    void aWholeOneIsGoodAndWhatTheKeysAreWorthIsSaid() throws IOException {
        Verification.Report without = verified(Verification.Level.HASHES, KeyChain.EMPTY);
        Verification.Report with = verified(Verification.Level.REBUILD, KEYS);

        assertThat(without.problems()).isEmpty();
        assertThat(without.keys()).isEqualTo(Standing.NOT_CHECKED);
        assertThat(with.problems()).isEmpty();
        assertThat(with.keys()).isEqualTo(Standing.OPENED);
        assertThat(with.level()).isEqualTo(Verification.Level.REBUILD);
    }

    @Test
    void strayFilesAmongKeysStandInNobodysWay() throws IOException {
        store.putIfAbsent("keys/x", new byte[] {1});
        store.putIfAbsent("keys/.nfs1", new byte[] {1});

        assertThat(Archive.open(store, KEYS).state().bases()).hasSize(1);
        Verification.Report report = verified(Verification.Level.REBUILD, KEYS);
        assertThat(report.keys()).isEqualTo(Standing.OPENED);
        assertThat(report.problems())
                .containsExactly("keys/x in memory: holds no wrapped data keys");
    }

    @Test
    void aSealedTextThatDoesNotOpenIsAVerdict() throws Exception {
        Archive archive = Archive.open(store, KEYS);
        WrittenEncrypted.mark(archive, "before the import", "asked for");
        String newest = store.list("manifests/", "", 10).getLast();
        String text = new String(store.get(newest), UTF_8);
        replace(store, newest, text.replaceFirst("encrypted:[\\w-]+", "before the flood"));

        Verification.Report report = verified(Verification.Level.HASHES, KEYS);

        assertThat(report.verdict()).isEqualTo(Verdict.ALTERED);
        assertThat(report.problems())
                .contains("a text in %s cannot be decrypted".formatted(newest));
    }

    @ParameterizedTest
    @FieldSource("DAMAGES")
    void whatHappenedToItsKeysIsAVerdict(Damage damage) throws Exception {
        damage.deed().to(store);

        Verification.Report without = verified(Verification.Level.HASHES, KeyChain.EMPTY);
        Verification.Report with = verified(Verification.Level.REBUILD, KEYS);

        assertThat(without.verdict()).as("%s", without.problems()).isEqualTo(damage.without());
        assertThat(with.verdict()).as("%s", with.problems()).isEqualTo(damage.with());
        assertThat(with.problems()).anyMatch(problem -> problem.contains(damage.problem()));
    }

    @ParameterizedTest
    @FieldSource("DAMAGES")
    void theScriptComesToTheSameVerdict(Damage damage) throws Exception {
        assumeTrue(VerifyScript.hasPython(), "python3 is not there");
        damage.deed().to(store);
        VerifyScript.copy(store, copy);

        VerifyScript.Outcome outcome = VerifyScript.run(copy, List.of());

        assertThat(outcome.code())
                .as(outcome.text())
                .isEqualTo(VerifyScript.code(damage.without()));
        assertThat(outcome.text().contains("keys: not checked, no key is held"))
                .isEqualTo(
                        ChainCheck.run(store, SignatureRule.NONE, List.of())
                                .identity()
                                .filter(ArchiveIdentity::isEncrypted)
                                .isPresent());
    }

    @Test
    void filesAreCheckedAlthoughNoKeyOpensThem() throws IOException {
        store.delete(KEY);
        String file = store.list("data/", "", 1_000).getFirst();
        store.delete(file);

        Verification.Report report = verified(Verification.Level.REBUILD, KEYS);

        assertThat(report.problems())
                .containsExactly(
                        "the archive memory: is encrypted, and holds no keys: no file in it can be read",
                        "the archive's file " + file + " is missing");
        assertThat(report.level()).isEqualTo(Verification.Level.HASHES);
    }

    @Test
    void anotherKeyIsRefusedWhereNothingElseIsWrong() throws IOException {
        String message =
                "the archive memory: is encrypted with the key %s, and the key at hand is %s"
                        .formatted(KEYS.keys().getFirst().id(), OTHER.keys().getFirst().id());
        ChainReport whole = ChainCheck.run(store, SignatureRule.NONE, List.of(), OTHER);
        store.delete("tidemark.json");
        ChainReport damaged = ChainCheck.run(store, SignatureRule.NONE, List.of(), OTHER);

        assertThatThrownBy(whole::checkKey).hasMessage(message);
        damaged.checkKey();
        assertThat(damaged.keys().standing()).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void noKeyIsRefusedByWhoWouldReadAll() throws IOException {
        ChainReport chain = ChainCheck.run(store, SignatureRule.NONE, List.of());

        chain.checkKey();
        assertThatThrownBy(chain::checkReadable)
                .hasMessage(
                        "the archive memory: is encrypted with the key %s, and no key is configured"
                                .formatted(KEYS.keys().getFirst().id()));
    }
}
