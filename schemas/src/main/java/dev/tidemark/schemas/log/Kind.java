package dev.tidemark.schemas.log;

/** Places in the unions of {@code change-log.avsc}. A test holds them against the schema. */
final class Kind {
    static final int SESSION = 0;
    static final int RELATION = 1;
    static final int BEGIN = 2;
    static final int ROW = 3;
    static final int TRUNCATE = 4;
    static final int SCHEMA = 5;
    static final int MESSAGE = 6;
    static final int HEARTBEAT = 7;
    static final int SEQUENCES = 8;
    static final int GAP = 9;
    static final int END = 10;
    static final int PIECE = 11;

    /** Of a value. */
    static final int NULL = 0;

    static final int TEXT = 1;
    static final int MARK = 2;

    private Kind() {}
}
