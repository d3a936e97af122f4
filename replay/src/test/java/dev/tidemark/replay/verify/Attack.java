package dev.tidemark.replay.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.proof.SignedText;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What somebody does who can write the storage, and has not the key.
 *
 * @param alone what is to be said of it without an anchor
 * @param anchored what is to be said of it with one
 * @param problem what is to be found, among other things; empty when nothing can be
 */
record Attack(
        String name, Target target, Deed deed, Verdict alone, Verdict anchored, String problem) {
    /** Which archive is attacked. */
    enum Target {
        SMALL,
        LARGE
    }

    /** What the attacker has. */
    record Means(ObjectStore store, ObjectStore other, SigningKey ownKey) {}

    /** What the attacker does. */
    interface Deed {
        void to(Means means) throws IOException;
    }

    private static final long MIDDLE = 15;
    private static final String CHECKPOINT = "checkpoints/00000000000000000999.json";
    private static final String PACK = "packs/00000000000000000999.json.gz";
    private static final String FORGED =
            "the manifest %s was altered after being signed, or tidemark.json was: the signature does not fit"
                    .formatted(manifest(MIDDLE));

    static final List<Attack> ALL =
            List.of(
                    small(
                            "a file is deleted",
                            means -> means.store().delete(dataFile(means.store())),
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "is missing"),
                    small(
                            "a byte of a file is flipped",
                            means -> flip(means.store(), dataFile(means.store())),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "was altered: its SHA-256 is not the one in its manifest"),
                    small(
                            "a file is cut off",
                            means -> cut(means.store(), dataFile(means.store())),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            " bytes instead of "),
                    small(
                            "a file is that of another archive",
                            means -> {
                                String here = dataFile(means.store());
                                replace(
                                        means.store(),
                                        here,
                                        means.other()
                                                .get(
                                                        means.other()
                                                                .list("data/", "", 1_000)
                                                                .getLast()));
                            },
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            " bytes instead of "),
                    small(
                            "a manifest in the middle is deleted",
                            means -> means.store().delete(manifest(MIDDLE)),
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "the archive memory: lacks the manifest " + manifest(MIDDLE)),
                    small(
                            "the newest manifests are deleted",
                            means -> {
                                for (long n = MIDDLE; n <= last(means.store()); ) {
                                    means.store().delete(manifest(last(means.store())));
                                }
                            },
                            Verdict.GOOD,
                            Verdict.DIVERGED,
                            ""),
                    small(
                            "a manifest is altered",
                            means -> edit(means.store(), MIDDLE, Attack::altered),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            FORGED),
                    small(
                            "the newest manifest is altered",
                            means -> edit(means.store(), last(means.store()), Attack::altered),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "was altered after being signed"),
                    small(
                            "manifests change places",
                            means -> {
                                byte[] one = means.store().get(manifest(MIDDLE));
                                byte[] two = means.store().get(manifest(MIDDLE + 1));
                                replace(means.store(), manifest(MIDDLE), two);
                                replace(means.store(), manifest(MIDDLE + 1), one);
                            },
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "the archive's manifest %s says that it is number %d"
                                    .formatted(manifest(MIDDLE), MIDDLE + 1)),
                    small(
                            "history is written anew, and signatures left as they were",
                            means -> rewrite(means.store(), Attack::altered),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "the manifests %s to %s were altered after being signed, or tidemark.json was: the signature does not fit"
                                    .formatted(manifest(MIDDLE), manifest(23))),
                    small(
                            "history is written anew, without signatures",
                            means -> rewrite(means.store(), text -> unsigned(altered(text))),
                            Verdict.UNSIGNED,
                            Verdict.DIVERGED,
                            "the manifests %s to %s are not signed"
                                    .formatted(manifest(MIDDLE), manifest(23))),
                    small(
                            "the newest manifest is altered, and says that a newer version wrote it",
                            means ->
                                    edit(
                                            means.store(),
                                            last(means.store()),
                                            text ->
                                                    text.replaceFirst(
                                                            "\"format\":1", "\"format\":2")),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "was altered after being signed"),
                    small(
                            "a manifest is added, and says that it needs a newer version",
                            means ->
                                    means.store()
                                            .putIfAbsent(
                                                    manifest(last(means.store()) + 1),
                                                    added(means.store()).getBytes(UTF_8)),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            " is not signed"),
                    small(
                            "history is written anew, and signed with another key",
                            means -> {
                                String archive = archive(means.store());
                                rewrite(
                                        means.store(),
                                        text -> signed(altered(text), archive, means.ownKey()));
                            },
                            Verdict.UNTRUSTED,
                            Verdict.DIVERGED,
                            ", which is not trusted"),
                    small(
                            "the archive is another one of the same source and key",
                            means -> take(means.other(), means.store(), "tidemark.json"),
                            Verdict.GOOD,
                            Verdict.DIVERGED,
                            ""),
                    small(
                            "the archive is another one under its old name",
                            means -> {
                                byte[] identity = means.store().get("tidemark.json");
                                take(means.other(), means.store(), "tidemark.json");
                                replace(means.store(), "tidemark.json", identity);
                            },
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "or tidemark.json was: the signature does not fit"),
                    small(
                            "tidemark.json is deleted",
                            means -> means.store().delete("tidemark.json"),
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "the archive memory: lacks tidemark.json"),
                    small(
                            "everything is deleted",
                            means -> {
                                for (String name : means.store().list("", "", 1_000)) {
                                    means.store().delete(name);
                                }
                            },
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "the archive memory: lacks tidemark.json"),
                    small(
                            "everything but tidemark.json is deleted",
                            means -> {
                                for (String name : means.store().list("", "", 1_000)) {
                                    if (!name.equals("tidemark.json")) {
                                        means.store().delete(name);
                                    }
                                }
                            },
                            Verdict.MISSING,
                            Verdict.DIVERGED,
                            "the archive memory: holds no manifest"),
                    small(
                            "tidemark.json is altered",
                            means -> identity(means.store(), "\"source\":\"", "\"source\":\"x"),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "or tidemark.json was: the signature does not fit"),
                    small(
                            "tidemark.json says that a newer version wrote it",
                            means -> identity(means.store(), "\"format\":1", "\"format\":2"),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "was written by a newer Tidemark: tidemark.json has format 2"),
                    small(
                            "tidemark.json has no archive format",
                            means -> identity(means.store(), "\"format\":1", "\"format\":0"),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "tidemark.json of the archive memory: has format 0, which is no archive format"),
                    small(
                            "tidemark.json is no JSON",
                            means -> replace(means.store(), "tidemark.json", new byte[] {'x'}),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "cannot read memory: tidemark.json: "),
                    small(
                            "tidemark.json says that the archive is encrypted",
                            means ->
                                    identity(
                                            means.store(),
                                            "\"encoding\"",
                                            "\"encryption\":\"tink-streaming-aead\",\"encoding\""),
                            Verdict.ALTERED,
                            Verdict.DIVERGED,
                            "the archive memory: is encrypted, and holds no keys: no file in it can be read"),
                    small(
                            "a manifest says that it has no archive format",
                            means ->
                                    edit(
                                            means.store(),
                                            MIDDLE,
                                            text ->
                                                    text.replaceFirst(
                                                            "\"format\":1", "\"format\":0")),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "%s of the archive memory: has format 0, which is no archive format"
                                    .formatted(manifest(MIDDLE))),
                    small(
                            "a manifest names a file outside the archive",
                            means ->
                                    edit(
                                            means.store(),
                                            MIDDLE,
                                            text ->
                                                    text.replaceFirst(
                                                            "\"name\":\"data/", "\"name\":\"../")),
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "the archive's manifest %s names what cannot be"
                                    .formatted(manifest(MIDDLE))),
                    small(
                            "something lies among the manifests, and a file is deleted",
                            means -> {
                                means.store().putIfAbsent("manifests/junk.txt", new byte[] {1});
                                means.store().putIfAbsent("packs/junk.txt", new byte[] {1});
                                means.store().delete(dataFile(means.store()));
                            },
                            Verdict.ALTERED,
                            Verdict.ALTERED,
                            "1-1-00000.parquet is missing"),
                    small(
                            "a manifest and a file are deleted",
                            means -> {
                                means.store().delete(manifest(MIDDLE));
                                means.store().delete(dataFile(means.store()));
                            },
                            Verdict.MISSING,
                            Verdict.MISSING,
                            "1-1-00000.parquet is missing, unless a manifest that cannot be read replaced it"),
                    large(
                            "a checkpoint is altered",
                            means -> alterCheckpoint(means, "\"replaced\":[{"),
                            Verdict.ALTERED,
                            "the checkpoint %s of the archive memory: is not what its manifests say"
                                    .formatted(CHECKPOINT)),
                    large(
                            "a checkpoint is altered, and looks as one of once",
                            means -> alterCheckpoint(means, "\"replaced\":[{\"by\":1},{"),
                            Verdict.ALTERED,
                            "the checkpoint %s of the archive memory: is not what its manifests say"
                                    .formatted(CHECKPOINT)),
                    large(
                            "a checkpoint is made up",
                            means ->
                                    means.store()
                                            .putIfAbsent(
                                                    CHECKPOINT.replace("0999", "1999"),
                                                    means.store().get(CHECKPOINT)),
                            Verdict.MISSING,
                            "the archive memory: ends with manifest 1013, and its checkpoint checkpoints/00000000000000001999.json has manifest 1999"),
                    large(
                            "a pack is damaged",
                            means -> flip(means.store(), PACK),
                            Verdict.ALTERED,
                            "the archive's file %s of memory: is damaged".formatted(PACK)),
                    large(
                            "a manifest in a pack is altered",
                            means -> repack(means.store(), Attack::altered),
                            Verdict.ALTERED,
                            "the archive's manifest %s does not follow from the one before it: one of the two was altered"
                                    .formatted(manifest(1))),
                    large(
                            "a pack is deleted",
                            means -> means.store().delete(PACK),
                            Verdict.MISSING,
                            "the archive memory: lacks the manifests %s to %s"
                                    .formatted(manifest(0), manifest(999))));

    private static Attack small(
            String name, Deed deed, Verdict alone, Verdict anchored, String problem) {
        return new Attack(name, Target.SMALL, deed, alone, anchored, problem);
    }

    private static Attack large(String name, Deed deed, Verdict verdict, String problem) {
        return new Attack(name, Target.LARGE, deed, verdict, verdict, problem);
    }

    private static String manifest(long number) {
        return String.format(Locale.ROOT, "manifests/%020d.json", number);
    }

    private static long last(ObjectStore store) throws IOException {
        return store.list("manifests/", "", 1_000).size() - 1L;
    }

    private static String archive(ObjectStore store) throws IOException {
        return Hashes.sha256(store.get("tidemark.json"));
    }

    /** One of the base. */
    private static String dataFile(ObjectStore store) throws IOException {
        return store.list("data/", "", 1_000).stream()
                .filter(name -> name.endsWith("1-1-00000.parquet"))
                .findFirst()
                .orElseThrow();
    }

    private static String text(ObjectStore store, String name) throws IOException {
        return new String(store.get(name), UTF_8);
    }

    private static void replace(ObjectStore store, String name, byte[] content) throws IOException {
        store.delete(name);
        store.putIfAbsent(name, content);
    }

    /**
     * Other rows in one of its manifests.
     *
     * @param replaced how its word on what was replaced begins then
     */
    private static void alterCheckpoint(Means means, String replaced) throws IOException {
        replace(
                means.store(),
                CHECKPOINT,
                text(means.store(), CHECKPOINT)
                        .replaceFirst("\"rows\":1", "\"rows\":2")
                        .replace("\"replaced\":[{", replaced)
                        .getBytes(UTF_8));
    }

    private static void flip(ObjectStore store, String name) throws IOException {
        byte[] content = store.get(name);
        content[content.length / 2] ^= 1;
        replace(store, name, content);
    }

    private static void cut(ObjectStore store, String name) throws IOException {
        byte[] content = store.get(name);
        replace(store, name, Arrays.copyOf(content, content.length - 10));
    }

    private static void edit(ObjectStore store, long number, UnaryOperator<String> how)
            throws IOException {
        String name = manifest(number);
        replace(store, name, how.apply(text(store, name)).getBytes(UTF_8));
    }

    private static void identity(ObjectStore store, String from, String to) throws IOException {
        replace(
                store,
                "tidemark.json",
                text(store, "tidemark.json").replaceFirst(from, to).getBytes(UTF_8));
    }

    private static String altered(String manifest) {
        return manifest.replaceFirst("\"written\":\"2026", "\"written\":\"2025");
    }

    private static String unsigned(String manifest) {
        return manifest.replaceFirst("\"signature\":\"[^\"]+\",\"signer\":\"[^\"]+\",", "");
    }

    private static String added(ObjectStore store) throws IOException {
        long last = last(store);
        return unsigned(text(store, manifest(last)))
                .replaceFirst(
                        "\"number\":" + last,
                        "\"needs\":{\"read\":[\"rings\"]},\"number\":" + (last + 1))
                .replaceFirst(
                        "\"previous\":\"[0-9a-f]+\"",
                        "\"previous\":\"%s\"".formatted(Hashes.sha256(store.get(manifest(last)))));
    }

    private static String signed(String manifest, String archive, SigningKey key) {
        String signer = "\"signer\":\"%s\",".formatted(key.signer());
        String named = unsigned(manifest).replaceFirst("\"span\":", signer + "\"span\":");
        String signature = key.sign(SignedText.of("manifest", archive, named.getBytes(UTF_8)));
        return named.replaceFirst(
                "\"signer\":", "\"signature\":\"%s\",\"signer\":".formatted(signature));
    }

    /** From the middle on, so that the chain is whole. */
    private static void rewrite(ObjectStore store, UnaryOperator<String> how) throws IOException {
        String previous = Hashes.sha256(store.get(manifest(MIDDLE - 1)));
        for (long n = MIDDLE; n <= last(store); n++) {
            String chained =
                    text(store, manifest(n))
                            .replaceFirst(
                                    "\"previous\":\"[0-9a-f]+\"",
                                    "\"previous\":\"%s\"".formatted(previous));
            byte[] content = how.apply(chained).getBytes(UTF_8);
            replace(store, manifest(n), content);
            previous = Hashes.sha256(content);
        }
    }

    private static void take(ObjectStore from, ObjectStore to, String first) throws IOException {
        for (String name : to.list("", "", 1_000)) {
            to.delete(name);
        }
        for (String name : from.list("", "", 1_000)) {
            to.putIfAbsent(name, from.get(name));
        }
        if (to.list(first, "", 1).isEmpty()) {
            throw new AssertionError("nothing was taken");
        }
    }

    /** With another first manifest. */
    private static void repack(ObjectStore store, UnaryOperator<String> how) throws IOException {
        String lines;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(store.get(PACK)))) {
            lines = new String(in.readAllBytes(), UTF_8);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(how.apply(lines).getBytes(UTF_8));
        }
        replace(store, PACK, packed.toByteArray());
    }

    @Override
    public String toString() {
        return name;
    }
}
