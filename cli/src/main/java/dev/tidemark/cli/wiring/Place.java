package dev.tidemark.cli.wiring;

/** What becomes of what a target holds when a whole database is restored. */
public enum Place {
    /** It is to be empty, or a restore that goes on. */
    AS_IT_IS,

    /** An empty database takes its name first, and it is dropped. */
    DROPPED,

    /** It stays until the restored one, made beside it, is whole. */
    BESIDE
}
