package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;

/** Reads a column of lists of texts, some of which may be null. For one thread. */
final class TextLists {
    private final TextPages texts;
    private final ColumnPages pages;
    private boolean isAtNext; // the pages are at the first value of the next list

    TextLists(TextPages texts) {
        this.texts = texts;
        this.pages = texts.pages();
    }

    /** The next list; one that is null is empty. */
    List<Value> next() {
        if (isMissing()) {
            return new ArrayList<>();
        }
        List<Value> list = new ArrayList<>();
        do {
            list.add(pages.isThere() ? texts.value() : Value.Mark.NULL);
        } while (goesOn());
        return list;
    }

    /** Passes the next list over, without making anything of it. */
    void skip() {
        if (isMissing()) {
            return;
        }
        do {
            if (pages.isThere()) {
                texts.skip();
            }
        } while (goesOn());
    }

    private boolean isMissing() {
        if (!isAtNext) {
            pages.next();
        }
        isAtNext = false;
        return !pages.isThere() && !pages.isNullElement();
    }

    private boolean goesOn() {
        if (!pages.hasNext()) {
            return false;
        }
        pages.next();
        isAtNext = !pages.goesOn();
        return !isAtNext;
    }
}
