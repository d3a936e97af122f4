package dev.tidemark.archive.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real disk, of which the nth step fails; it keeps a record of all steps. */
final class FaultyDisk implements Disk {
    private final SystemDisk disk = new SystemDisk();
    private final Path root;
    private final int failingStep;
    private final IOException failure;
    private final List<String> steps = new ArrayList<>();

    /** No step fails. */
    FaultyDisk(Path root) {
        this(root, Integer.MAX_VALUE, new IOException());
    }

    FaultyDisk(Path root, int failingStep, IOException failure) {
        this.root = root;
        this.failingStep = failingStep;
        this.failure = failure;
    }

    List<String> steps() {
        return List.copyOf(steps);
    }

    boolean hasFailed() {
        return steps.size() >= failingStep;
    }

    @Override
    public void write(Path file, InputStream content) throws IOException {
        if (steps.size() + 1 == failingStep) {
            byte[] half = content.readNBytes(3);
            disk.write(file, new ByteArrayInputStream(half));
        }
        step("write " + shown(file));
        disk.write(file, content);
    }

    @Override
    public void link(Path file, Path secondName) throws IOException {
        step("link " + shown(file) + " " + shown(secondName));
        disk.link(file, secondName);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step("create " + shown(folder));
        disk.createFolder(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        step("force " + shown(folder));
        disk.forceFolder(folder);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete " + shown(file));
        disk.delete(file);
    }

    private void step(String step) throws IOException {
        steps.add(step);
        if (steps.size() == failingStep) {
            throw failure;
        }
    }

    private String shown(Path path) {
        return root.relativize(path).toString().replaceAll("[0-9a-f-]{36}$", "T");
    }
}
