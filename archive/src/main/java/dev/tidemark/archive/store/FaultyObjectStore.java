package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * An object store for tests: another one of which chosen calls fail, as real ones do. It is among
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
    private final IntFunction<Optional<Fault>> faults;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean failed;
    private volatile boolean dead;

    /** A store of which one call fails, and after some faults all later ones. */
    public FaultyObjectStore(ObjectStore store, int failingCall, Fault fault) {
        this(store, call -> call == failingCall ? Optional.of(fault) : Optional.empty());
        if (failingCall < 1) {
            throw new IllegalArgumentException("calls are counted from 1: " + failingCall);
        }
    }

    /**
     * A store of which many calls may fail.
     *
     * @param faults what becomes of a call, by its number; asked once for each before it is made,
     *     by the thread that makes it
     */
    public FaultyObjectStore(ObjectStore store, IntFunction<Optional<Fault>> faults) {
        this.store = store;
        this.faults = faults;
    }

    /** Was a failing call reached? */
    public boolean hasFailed() {
        return failed;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        Call call = begin("putIfAbsent '" + name + "'");
        boolean created = store.putIfAbsent(name, content);
        end(call, "putIfAbsent '" + name + "'");
        return created && !call.is(Fault.RETRIED);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        Call call = begin("put '" + name + "'");
        store.put(name, file);
        end(call, "put '" + name + "'");
    }

    @Override
    public byte[] get(String name) throws IOException {
        Call call = begin("get '" + name + "'");
        byte[] content = store.get(name);
        end(call, "get '" + name + "'");
        return content;
    }

    @Override
    public void download(String name, Path file) throws IOException {
        Call call = begin("download '" + name + "'");
        store.download(name, file);
        end(call, "download '" + name + "'");
    }

    @Override
    public long size(String name) throws IOException {
        Call call = begin("size '" + name + "'");
        long size = store.size(name);
        end(call, "size '" + name + "'");
        return size;
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        Call call = begin("list '" + prefix + "'");
        List<String> names = store.list(prefix, after, namesMax);
        end(call, "list '" + prefix + "'");
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        Call call = begin("delete '" + name + "'");
        store.delete(name);
        end(call, "delete '" + name + "'");
    }

    @Override
    public void renewLock(String name) throws IOException {
        store.renewLock(name);
    }

    @Override
    public void probe() throws IOException {
        Call call = begin("probe");
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

    /** A call that is under way. */
    private record Call(int number, Optional<Fault> fault) {
        boolean is(Fault one) {
            return fault.filter(one::equals).isPresent();
        }
    }

    private Call begin(String what) throws IOException {
        int number = calls.incrementAndGet();
        Call call = new Call(number, faults.apply(number));
        if (call.fault.isPresent()) {
            failed = true;
        }
        if (call.is(Fault.DEAD_BEFORE)) {
            dead = true;
        }
        if (dead || call.is(Fault.BEFORE)) {
            throw new IOException("injected failure before call " + number + ": " + what);
        }
        return call;
    }

    private void end(Call call, String what) throws IOException {
        if (call.is(Fault.DEAD_AFTER)) {
            dead = true;
        }
        if (call.is(Fault.AFTER) || call.is(Fault.DEAD_AFTER)) {
            throw new IOException("injected failure after call " + call.number + ": " + what);
        }
    }
}
