package dev.tidemark.cli.output;

import java.time.Duration;

/** Shows on stderr how far a command is. */
public interface Progress {
    /** A total that nobody knows. */
    long UNKNOWN = -1;

    /** Shows nothing. */
    Progress SILENT = (what, total, unit) -> new Silent();

    /** What is counted. */
    enum Unit {
        ROWS {
            @Override
            String text(long amount) {
                return Figures.count(amount) + " rows";
            }
        },
        BYTES {
            @Override
            String text(long amount) {
                return Figures.bytes(amount);
            }
        },
        /** Of which one may take a second or an hour: a rate would say nothing. */
        STATEMENTS {
            @Override
            String text(long amount) {
                return Figures.counted(amount, "statement");
            }

            @Override
            String rate(long amount, Duration elapsed) {
                return "";
            }
        };

        abstract String text(long amount);

        /** An amount in a second; empty at the start, when there is none yet. */
        String rate(long amount, Duration elapsed) {
            long millis = elapsed.toMillis();
            return millis == 0 ? "" : text(Math.round(amount * 1_000.0 / millis)) + "/s";
        }
    }

    /**
     * Begins a part of the work.
     *
     * @param what lower case: {@code load}
     * @param total or {@link #UNKNOWN}
     */
    Task start(String what, long total, Unit unit);

    /** Says what is waited for: a whole sentence. */
    default void say(String sentence) {}

    /** A part that runs. Any thread may advance it; it ends with close, done or not. */
    interface Task extends AutoCloseable {
        void advance(long amount);

        @Override
        void close();
    }

    /** For tests and for work that nobody watches. */
    record Silent() implements Task {
        @Override
        public void advance(long amount) {}

        @Override
        public void close() {}
    }
}
