package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import org.apache.parquet.io.api.Binary;

/** Texts as Parquet's writers want them, without a copy. */
final class Texts {
    private Texts() {}

    /** The text that a value is; a mark is none. */
    static Binary binary(Value value) {
        return switch (value) {
            case Value.Text text -> Binary.fromConstantByteArray(text.utf8());
            case Value.Large large -> Binary.fromConstantByteBuffer(large.utf8());
            case Value.Mark mark -> throw new IllegalArgumentException("no text: " + mark);
        };
    }
}
