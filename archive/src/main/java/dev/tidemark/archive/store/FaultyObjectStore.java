package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An object store for tests: another one of which the nth call fails, as real ones do. It is among
 * the main classes because other modules' tests need it.
 *
 * <p>Calls are counted from 1, reads and writes alike, {@code url} and {@code close} not. A test
 * breaks each step by counting n up until {@link #hasFailed} stays false.
 */
public final class FaultyObjectStore implements ObjectStore {
    /** How a call fails. */
    public enum Fault {
        /** An IOException, and nothing was done. */
        BEFORE,
        /** It was done, and then an IOException: the answer was lost. */
        AFTER,
        /** Like BEFORE, and so do all later calls: the process or its network is dead. */
        DEAD_BEFORE,
        /** Like AFTER, and all later calls like BEFORE. */
        DEAD_AFTER,
        /**
         * The answer was lost and the call made again: a putIfAbsent finds its own object and
         * answers false. Other calls do not fail.
         */
        RETRIED
    }

    private final ObjectStore store;
    private final int failingCall;
    private final Fault fault;
    private final AtomicInteger calls = new AtomicInteger();

    public FaultyObjectStore(ObjectStore store, int failingCall, Fault fault) {
        if (failingCall < 1) {
            throw new IllegalArgumentException("calls are counted from 1: " + failingCall);
        }
        this.store = store;
        this.failingCall = failingCall;
        this.fault = fault;
    }

    /** Was the failing call reached? */
    public boolean hasFailed() {
        return calls.get() >= failingCall;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        int call = begin("putIfAbsent '" + name + "'");
        boolean created = store.putIfAbsent(name, content);
        end(call, "putIfAbsent '" + name + "'");
        return created && !(fault == Fault.RETRIED && call == failingCall);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        int call = begin("put '" + name + "'");
        store.put(name, file);
        end(call, "put '" + name + "'");
    }

    @Override
    public byte[] get(String name) throws IOException {
        int call = begin("get '" + name + "'");
        byte[] content = store.get(name);
        end(call, "get '" + name + "'");
        return content;
    }

    @Override
    public void download(String name, Path file) throws IOException {
        int call = begin("download '" + name + "'");
        store.download(name, file);
        end(call, "download '" + name + "'");
    }

    @Override
    public long size(String name) throws IOException {
        int call = begin("size '" + name + "'");
        long size = store.size(name);
        end(call, "size '" + name + "'");
        return size;
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        int call = begin("list '" + prefix + "'");
        List<String> names = store.list(prefix, after, namesMax);
        end(call, "list '" + prefix + "'");
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        int call = begin("delete '" + name + "'");
        store.delete(name);
        end(call, "delete '" + name + "'");
    }

    @Override
    public void probe() throws IOException {
        int call = begin("probe");
        store.probe();
        end(call, "probe");
    }

    @Override
    public String url() {
        return store.url();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    private int begin(String what) throws IOException {
        int call = calls.incrementAndGet();
        boolean fails =
                switch (fault) {
                    case BEFORE -> call == failingCall;
                    case DEAD_BEFORE -> call >= failingCall;
                    case DEAD_AFTER -> call > failingCall;
                    case AFTER, RETRIED -> false;
                };
        if (fails) {
            throw new IOException("injected failure before call " + call + ": " + what);
        }
        return call;
    }

    private void end(int call, String what) throws IOException {
        boolean fails =
                switch (fault) {
                    case AFTER, DEAD_AFTER -> call == failingCall;
                    case BEFORE, DEAD_BEFORE, RETRIED -> false;
                };
        if (fails) {
            throw new IOException("injected failure after call " + call + ": " + what);
        }
    }
}
