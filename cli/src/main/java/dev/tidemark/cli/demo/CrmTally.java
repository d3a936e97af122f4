package dev.tidemark.cli.demo;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Where sessions count. Safe for many threads. */
final class CrmTally {
    private final LongAdder committed = new LongAdder();
    private final LongAdder rolledBack = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder rowsChanged = new LongAdder();
    private final Map<CrmTransaction, LongAdder> done = new EnumMap<>(CrmTransaction.class);

    CrmTally() {
        for (CrmTransaction kind : CrmTransaction.values()) {
            done.put(kind, new LongAdder());
        }
    }

    void committed(CrmTransaction kind, long rows) {
        committed.increment();
        rowsChanged.add(rows);
        adder(kind).increment();
    }

    void rolledBack(CrmTransaction kind) {
        rolledBack.increment();
        adder(kind).increment();
    }

    void gaveUp() {
        rolledBack.increment();
    }

    void retried() {
        retried.increment();
    }

    long committed() {
        return committed.sum();
    }

    CrmCounts counts() {
        Map<CrmTransaction, Long> byKind = new EnumMap<>(CrmTransaction.class);
        done.forEach((kind, adder) -> byKind.put(kind, adder.sum()));
        return new CrmCounts(
                committed.sum(), rolledBack.sum(), retried.sum(), rowsChanged.sum(), byKind);
    }

    private LongAdder adder(CrmTransaction kind) {
        LongAdder adder = done.get(kind);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + kind);
        }
        return adder;
    }
}
