package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * What of a base's files in the archive stays as it is when changes are laid over them. For one
 * thread.
 */
sealed interface Staying {
    /** Is a file to be looked at for that? */
    boolean may(FileRef file);

    /** All rows of a file are as they were. */
    void keep(FileRef file);

    /**
     * Looks at the rows of a file.
     *
     * @param columns of the table in its version
     * @param over is laid over those that do not stay
     * @return false when nothing was laid: all of them are to be
     */
    boolean look(FileRef file, Path local, int columns, Over over) throws IOException;

    /** What is laid over a file, and where the rows go. */
    record Over(Layer layer, RowSink sink) {}

    /** Files of which no row changed. */
    record Files(Predicate<FileRef> wanted, List<FileRef> kept) implements Staying {
        Files(Predicate<FileRef> wanted) {
            this(wanted, new ArrayList<>());
        }

        @Override
        public boolean may(FileRef file) {
            return wanted.test(file);
        }

        @Override
        public void keep(FileRef file) {
            kept.add(file);
        }

        @Override
        public boolean look(FileRef file, Path local, int columns, Over over) throws IOException {
            int[] places = over.layer().places();
            if (places.length == 0) {
                return false;
            }
            try (BaseReader keys = BaseReader.open(local, columns, places)) {
                while (keys.hasNext()) {
                    if (over.layer().takes(keys.next())) {
                        return false;
                    }
                }
            }
            keep(file);
            return true;
        }
    }

    /** All rows that did not change, of every file. */
    record Rows(List<KeptRows> kept) implements Staying {
        Rows() {
            this(new ArrayList<>());
        }

        @Override
        public boolean may(FileRef file) {
            return true;
        }

        @Override
        public void keep(FileRef file) {
            kept.add(new KeptRows(file, new BitSet()));
        }

        @Override
        public boolean look(FileRef file, Path local, int columns, Over over) throws IOException {
            int[] places = over.layer().places();
            if (places.length == 0) {
                return false;
            }
            BitSet gone = new BitSet();
            boolean isWhole = over.layer().needsFields();
            try (BaseReader keys = BaseReader.open(local, columns, places)) {
                for (int place = 0; keys.hasNext(); place++) {
                    List<Value> key = keys.next();
                    if (over.layer().takes(key)) {
                        gone.set(place);
                        if (!isWhole) {
                            over.layer().lay(padded(key, places, columns), over.sink());
                        }
                    }
                }
            }
            if (isWhole && !gone.isEmpty()) {
                layWhole(local, columns, gone, over);
            }
            kept.add(new KeptRows(file, gone));
            return true;
        }

        /** The fields of the key, where nobody looks at the others. */
        private static List<Value> padded(List<Value> key, int[] places, int columns) {
            Value[] row = Collections.nCopies(columns, Value.Mark.UNKNOWN).toArray(Value[]::new);
            for (int i = 0; i < places.length; i++) {
                row[places[i]] = key.get(i);
            }
            return Arrays.asList(row);
        }

        private static void layWhole(Path local, int columns, BitSet gone, Over over)
                throws IOException {
            try (BaseReader rows = BaseReader.open(local, columns)) {
                for (int place = 0; rows.hasNext(); place++) {
                    List<Value> row = rows.next();
                    if (gone.get(place)) {
                        over.layer().lay(row, over.sink());
                    }
                }
            }
        }
    }
}
