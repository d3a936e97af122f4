package dev.tidemark.archive.store;

import java.util.regex.Pattern;

/** The names objects may have, checked at the border of each store. */
final class ObjectNames {
    /** S3 allows 1,024 bytes for a key; half of them are left for the archive's own prefix. */
    static final int LENGTH_MAX = 512;

    /** File systems (ext4, xfs) allow 255 bytes for a part. */
    private static final int PART_LENGTH_MAX = 255;

    private static final Pattern PART =
            Pattern.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]{1," + PART_LENGTH_MAX + "}");

    private static final Pattern NAME = Pattern.compile("(?!\\.)" + PART + "(/" + PART + ")*");

    private static final Pattern PREFIX =
            Pattern.compile("((?!\\.)(" + PART + "/)*[A-Za-z0-9._-]{0," + PART_LENGTH_MAX + "})?");

    private ObjectNames() {}

    static boolean isValid(String name) {
        return name.length() <= LENGTH_MAX && NAME.matcher(name).matches();
    }

    static String checked(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not an object name: '" + name + "'");
        }
        return name;
    }

    /** A prefix may end anywhere in a name, so its last part may be empty or {@code .}. */
    static String checkedPrefix(String prefix) {
        if (prefix.length() > LENGTH_MAX || !PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "not the beginning of an object name: '" + prefix + "'");
        }
        return prefix;
    }

    /** What {@code list} takes as {@code after}: a name, or {@code ""}. */
    static String checkedAfter(String after) {
        return after.isEmpty() ? after : checked(after);
    }

    static int checkedNamesMax(int namesMax) {
        if (namesMax < 1) {
            throw new IllegalArgumentException("namesMax must be at least 1: " + namesMax);
        }
        return namesMax;
    }
}
