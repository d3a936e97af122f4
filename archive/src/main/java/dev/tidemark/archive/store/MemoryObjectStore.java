package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An object store for tests, in memory: it behaves like the real ones (it runs their contract test)
 * but survives nothing. It is among the main classes because other modules' tests need it.
 */
public final class MemoryObjectStore implements ObjectStore {
    private final ConcurrentNavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public boolean putIfAbsent(String name, byte[] content) {
        return objects.putIfAbsent(ObjectNames.checked(name), content.clone()) == null;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        if (!putIfAbsent(name, Files.readAllBytes(file))) {
            throw new FileAlreadyExistsException(name);
        }
    }

    @Override
    public byte[] get(String name) throws IOException {
        return content(name).clone();
    }

    @Override
    public void download(String name, Path file) throws IOException {
        Files.write(file, content(name));
    }

    @Override
    public long size(String name) throws IOException {
        return content(name).length;
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) {
        ObjectNames.checkedPrefix(prefix);
        return objects.tailMap(ObjectNames.checkedAfter(after), false).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .limit(ObjectNames.checkedNamesMax(namesMax))
                .toList();
    }

    @Override
    public void delete(String name) {
        objects.remove(ObjectNames.checked(name));
    }

    @Override
    public void probe() {}

    @Override
    public String url() {
        return "memory:";
    }

    @Override
    public void close() {}

    private byte[] content(String name) throws NoSuchFileException {
        byte[] content = objects.get(ObjectNames.checked(name));
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }
}
