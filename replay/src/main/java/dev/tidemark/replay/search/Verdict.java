package dev.tidemark.replay.search;

import java.util.function.Supplier;

/** Does something hold of a change? */
enum Verdict {
    NO,
    /** That depends on what the row was before, which is not known here. */
    DEPENDS,
    YES;

    static Verdict of(boolean holds) {
        return holds ? YES : NO;
    }

    /** Do both hold? */
    Verdict and(Supplier<Verdict> other) {
        if (this == NO) {
            return NO;
        }
        Verdict second = other.get();
        return second.compareTo(this) < 0 ? second : this;
    }

    /** Does one of them hold? */
    Verdict or(Supplier<Verdict> other) {
        if (this == YES) {
            return YES;
        }
        Verdict second = other.get();
        return second.compareTo(this) > 0 ? second : this;
    }
}
