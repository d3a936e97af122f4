package dev.tidemark.replay.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a profile can say of the rows of a table. */
public enum Subject {
    /** The column with who changed a row last. */
    MODIFIER,
    /** The column with who made it. */
    CREATOR,
    /** When it counts as deleted though it is there. */
    SOFT_DELETE,
    /** How it is called. */
    NAME,
    /** Whose it is, where several have their rows in one database. */
    TENANT,
    /** Columns that hold JSON as text. */
    JSON;

    /** As a profile writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Subject> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Subject::word).toList();
    }
}
