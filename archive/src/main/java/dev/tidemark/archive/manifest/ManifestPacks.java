package dev.tidemark.archive.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Manifests of long ago, a thousand in an object: their very bytes, a line each, in gzip. They are
 * a part of the chain for ever, and nobody has to list them one by one. For one thread.
 */
final class ManifestPacks {
    /** In each; the first has those from 0 on. */
    static final int SIZE = 1_000;

    static final String FOLDER = "packs/";

    private static final String NAME = FOLDER + "00\\d{18}\\.json\\.gz";

    private final ObjectStore store;

    ManifestPacks(ObjectStore store) {
        this.store = store;
    }

    /** The number of the last manifest in the pack that has, or would have, a number. */
    static long endOf(long number) {
        return number / SIZE * SIZE + SIZE - 1;
    }

    static String name(long number) {
        return String.format(Locale.ROOT, "%s%020d.json.gz", FOLDER, endOf(number));
    }

    /** The bytes of the manifests from a number on to the end of its pack; empty without a pack. */
    Optional<List<byte[]>> from(long number) throws IOException {
        byte[] packed;
        try {
            packed = store.get(name(number));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        List<byte[]> all = unpacked(packed, name(number));
        return Optional.of(all.subList((int) (number % SIZE), SIZE));
    }

    private List<byte[]> unpacked(byte[] packed, String name) {
        List<byte[]> all = new ArrayList<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
                all.add(line.getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw damaged(name);
        }
        if (all.size() != SIZE) {
            throw damaged(name);
        }
        return all;
    }

    private TidemarkException damaged(String name) {
        return TidemarkException.refused(
                "the archive's file %s of %s is damaged".formatted(name, store.url()),
                "Restore it from a copy of the archive.");
    }

    /** Makes a pack of all its manifests, and reads it back. */
    void write(long end, List<byte[]> manifests) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            for (byte[] manifest : manifests) {
                out.write(manifest);
                out.write('\n');
            }
        }
        store.putIfAbsent(name(end), packed.toByteArray());
        List<byte[]> there = unpacked(store.get(name(end)), name(end));
        for (int i = 0; i < SIZE; i++) {
            if (!Arrays.equals(there.get(i), manifests.get(i))) {
                throw damaged(name(end));
            }
        }
    }

    /** The number of the last manifest in the first pack from a number on; empty without one. */
    Optional<Long> next(long number) throws IOException {
        String after = number < SIZE ? "" : name(number - SIZE);
        while (true) {
            List<String> names = store.list(FOLDER, after, SIZE);
            Optional<Long> first =
                    names.stream()
                            .filter(ManifestPacks::isPack)
                            .map(ManifestPacks::endIn)
                            .findFirst();
            if (first.isPresent() || names.isEmpty()) {
                return first;
            }
            after = names.getLast();
        }
    }

    /** Objects in the folder that are none. */
    List<String> strays() throws IOException {
        List<String> strays = new ArrayList<>();
        for (List<String> names = store.list(FOLDER, "", SIZE);
                !names.isEmpty();
                names = store.list(FOLDER, names.getLast(), SIZE)) {
            names.stream().filter(name -> !isPack(name)).forEach(strays::add);
        }
        return strays;
    }

    private static boolean isPack(String name) {
        return name.matches(NAME);
    }

    private static long endIn(String name) {
        return Long.parseLong(name.substring(FOLDER.length(), name.indexOf('.')));
    }

    /** The number of the last manifest that is packed; −1 for none. */
    long last() throws IOException {
        long last = -1;
        for (String after = ""; ; ) {
            List<String> names = store.list(FOLDER, after, SIZE);
            if (names.isEmpty()) {
                return last;
            }
            after = names.getLast();
            last =
                    names.stream()
                            .filter(ManifestPacks::isPack)
                            .map(ManifestPacks::endIn)
                            .reduce(last, Math::max);
        }
    }
}
