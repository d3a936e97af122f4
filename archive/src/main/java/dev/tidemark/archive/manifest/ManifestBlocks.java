package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private final Set<String> others = new TreeSet<>(); // that are no manifests
    private long first; // of the next block

    /**
     * @param findings hears of what is wrong with packs
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
        return Stream.concat(nextSingle(number).stream(), packs.next(number).stream())
                .min(Long::compare)
                .map(found -> found / ManifestPacks.SIZE * ManifestPacks.SIZE)
                .orElse(-1L);
    }

    /** The number of the first manifest from one on that is not in a pack alone. */
    private Optional<Long> nextSingle(long number) throws IOException {
        for (List<String> names = store.list(ManifestLog.MANIFESTS, Manifest.name(number - 1), 1);
                !names.isEmpty();
                names = store.list(ManifestLog.MANIFESTS, names.getLast(), ManifestPacks.SIZE)) {
            Optional<String> first = names.stream().filter(this::isManifest).findFirst();
            if (first.isPresent()) {
                return first.map(ManifestBlocks::number);
            }
        }
        return Optional.empty();
    }

    /** The names of the manifests of this block, whatever else lies between them. */
    private List<String> names(long end) throws IOException {
        List<String> all = new ArrayList<>();
        String after = first == 0 ? "" : Manifest.name(first - 1);
        while (after.compareTo(Manifest.name(end)) < 0) {
            List<String> names = store.list(ManifestLog.MANIFESTS, after, ManifestPacks.SIZE);
            if (names.isEmpty()) {
                return all;
            }
            names.stream()
                    .filter(this::isManifest)
                    .filter(name -> number(name) <= end)
                    .forEach(all::add);
            after = names.getLast();
        }
        return all;
    }

    private Map<Long, byte[]> read() throws IOException {
        long end = ManifestPacks.endOf(first);
        while (true) {
            List<String> names = names(end);
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
        boolean isOne = name.matches(NAME);
        if (!isOne) {
            others.add("the archive has a manifest called " + name);
        }
        return isOne;
    }

    /** Once all were read: what else is there in their folders. */
    List<String> strays() throws IOException {
        List<String> all = new ArrayList<>(others);
        for (String name : packs.strays()) {
            all.add("the archive has a pack called " + name);
        }
        return all;
    }

    private void altered(String message) {
        findings.accept(new Finding(Verdict.ALTERED, message));
    }

    private static long number(String name) {
        return Long.parseLong(
                name.substring(ManifestLog.MANIFESTS.length(), name.lastIndexOf('.')));
    }
}
