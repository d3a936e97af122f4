package dev.tidemark.replay.load;

import java.util.Arrays;
import java.util.Optional;

/**
 * What may be granted, by PostgreSQL's letters. Source: <a
 * href="https://www.postgresql.org/docs/current/ddl-priv.html">PostgreSQL, Privileges</a>.
 */
enum Privilege {
    SELECT('r'),
    INSERT('a'),
    UPDATE('w'),
    DELETE('d'),
    TRUNCATE('D'),
    REFERENCES('x'),
    TRIGGER('t'),
    EXECUTE('X'),
    USAGE('U'),
    CREATE('C'),
    /** To vacuum, analyse, cluster, refresh, reindex and lock. */
    MAINTAIN('m');

    /** Older servers let nobody but the owner maintain a table, and do not know the word. */
    static final int MAINTAIN_MAJOR_MIN = 17;

    private final char letter;

    Privilege(char letter) {
        this.letter = letter;
    }

    static Optional<Privilege> of(char letter) {
        return Arrays.stream(values()).filter(of -> of.letter == letter).findFirst();
    }

    boolean isKnownTo(int major) {
        return this != MAINTAIN || major >= MAINTAIN_MAJOR_MIN;
    }
}
