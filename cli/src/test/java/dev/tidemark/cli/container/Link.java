package dev.tidemark.cli.container;

/** Who talks to whom: each link is a network of its own, so that one can be cut and no other. */
enum Link {
    CAPTURE_AND_SOURCE,
    CAPTURE_AND_KAFKA,
    CAPTURE_AND_STORAGE,
    ARCHIVER_AND_KAFKA,
    ARCHIVER_AND_STORAGE,

    /** Commands, and the brokers among themselves. */
    OTHERS
}
