package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The bytes of all manifests that are there, as many at a time as a pack has, in packs or not. For
 * one thread.
 */
final class ManifestBlocks {
    private static final String NAME = ManifestLog.MANIFESTS + "00\\d{18}\\.json";

    private final ObjectStore store;
    private final ManifestLog log;
    private final ManifestPacks packs;
    private final Consumer<Finding> findings;
    private long first; // of the next block

    /**
     * @param findings hears of what is wrong with packs and names
     */
    ManifestBlocks(ObjectStore store, Consumer<Finding> findings) {
        this.store = store;
        this.log = new ManifestLog(store);
        this.packs = new ManifestPacks(store);
        this.findings = findings;
    }

    /** The next ones by number; empty after the last. */
    Map<Long, byte[]> next() throws IOException {
        while (first >= 0) {
            Map<Long, byte[]> block = read();
            first = begin(first + ManifestPacks.SIZE);
            if (!block.isEmpty()) {
                return block;
            }
        }
        return Map.of();
    }

    /** Where the first block from a number on begins that has something; −1 for none. */
    private long begin(long number) throws IOException {
        Stream<Long> next =
                Stream.concat(
                        store.list(ManifestLog.MANIFESTS, Manifest.name(number - 1), 1).stream()
                                .filter(this::isManifest)
                                .map(ManifestBlocks::number),
                        packs.next(number).stream());
        return next.min(Long::compare)
                .map(found -> found / ManifestPacks.SIZE * ManifestPacks.SIZE)
                .orElse(-1L);
    }

    private Map<Long, byte[]> read() throws IOException {
        long end = ManifestPacks.endOf(first);
        while (true) {
            List<String> names =
                    store
                            .list(
                                    ManifestLog.MANIFESTS,
                                    first == 0 ? "" : Manifest.name(first - 1),
                                    ManifestPacks.SIZE)
                            .stream()
                            .filter(this::isManifest)
                            .filter(name -> number(name) <= end)
                            .toList();
            // Looked at after the list: what is packed meanwhile is in one of the two.
            List<byte[]> packed = packed();
            Optional<List<byte[]>> single = log.readUnlessPacked(first, names);
            if (single.isPresent()) {
                return together(names, single.get(), packed);
            }
        }
    }

    private Map<Long, byte[]> together(
            List<String> names, List<byte[]> single, List<byte[]> packed) {
        Map<Long, byte[]> block = new TreeMap<>();
        for (int i = 0; i < packed.size(); i++) {
            block.put(first + i, packed.get(i));
        }
        for (int i = 0; i < names.size(); i++) {
            byte[] inPack = block.putIfAbsent(number(names.get(i)), single.get(i));
            if (inPack != null && !Arrays.equals(inPack, single.get(i))) {
                altered(
                        "the archive's manifest %s is another one in %s"
                                .formatted(names.get(i), ManifestPacks.name(first)));
            }
        }
        return block;
    }

    private List<byte[]> packed() throws IOException {
        try {
            return packs.from(first).orElse(List.of());
        } catch (TidemarkException e) {
            ChainCheck.refuseToGoOn(e);
            altered(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private boolean isManifest(String name) {
        if (!name.matches(NAME)) {
            altered("the archive has a manifest called " + name);
            return false;
        }
        return true;
    }

    private void altered(String message) {
        findings.accept(new Finding(Verdict.ALTERED, message));
    }

    private static long number(String name) {
        return Long.parseLong(
                name.substring(ManifestLog.MANIFESTS.length(), name.lastIndexOf('.')));
    }
}
