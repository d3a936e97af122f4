package dev.tidemark.archive.plan;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/** A point in the source's history, as a user names it. */
public sealed interface Moment {
    /**
     * By the source's clock: a prefix of the commit order that ends before the first commit later
     * than this.
     */
    record AtTime(Instant time) implements Moment {
        @Override
        public String toString() {
            return time.toString();
        }
    }

    /** A place in the commit order. */
    record AtPosition(Position position) implements Moment {
        @Override
        public String toString() {
            return position.toString();
        }
    }

    /** A transaction, by the source's own id of it. */
    record AtTransaction(long xid) implements Moment {
        @Override
        public String toString() {
            return "xid:" + xid;
        }
    }

    /** A moment that has a name in the archive. */
    record AtMark(String name) implements Moment {
        @Override
        public String toString() {
            return "mark:" + name;
        }
    }

    /** All that is archived. */
    record Latest() implements Moment {
        @Override
        public String toString() {
            return "latest";
        }
    }
}
