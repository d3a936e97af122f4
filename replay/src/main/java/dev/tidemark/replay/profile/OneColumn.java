package dev.tidemark.replay.profile;

import java.util.List;

/** A column by its name. */
record OneColumn(String name) implements OfColumns {
    OneColumn {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a column without a name");
        }
    }

    @Override
    public List<String> columns() {
        return List.of(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
