package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Receivers of a record's fields, as the Parquet reader wants them. */
final class Fields {
    private Fields() {}

    /** Passes each field on to its own receiver. */
    static final class Group extends GroupConverter {
        private final Converter[] fields;

        Group(Converter... fields) {
            this.fields = fields;
        }

        @Override
        public Converter getConverter(int field) {
            return fields[field];
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }

    /** Keeps a number. */
    static final class Whole extends PrimitiveConverter {
        long value;

        @Override
        public void addInt(int read) {
            value = read;
        }

        @Override
        public void addLong(long read) {
            value = read;
        }

        @Override
        public void addBoolean(boolean read) {
            value = read ? 1 : 0;
        }
    }

    /** Keeps a text out of few. */
    static final class Word extends PrimitiveConverter {
        private final Map<Binary, String> words = new HashMap<>();
        String value = "";

        @Override
        public void addBinary(Binary read) {
            String known = words.get(read);
            if (known == null) {
                known = read.toStringUsingUTF8();
                words.put(Binary.fromConstantByteArray(read.getBytes()), known);
            }
            value = known;
        }
    }

    /** Keeps bytes. */
    static final class Bytes extends PrimitiveConverter {
        byte[] value = {};

        @Override
        public void addBinary(Binary read) {
            value = read.getBytes();
        }
    }

    /** Keeps a list of texts, null where one is. */
    static final class Values extends GroupConverter {
        private List<Value> values = new ArrayList<>();
        private final PrimitiveConverter element =
                new PrimitiveConverter() {
                    @Override
                    public void addBinary(Binary read) {
                        values.set(values.size() - 1, Texts.read(read));
                    }
                };
        private final GroupConverter list =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return element;
                    }

                    @Override
                    public void start() {
                        values.add(Value.Mark.NULL);
                    }

                    @Override
                    public void end() {}
                };

        /** What was read, which the taker owns. */
        List<Value> take() {
            List<Value> taken = values;
            values = new ArrayList<>(taken.size());
            return taken;
        }

        @Override
        public Converter getConverter(int field) {
            return list;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }

    /** Keeps a list of numbers. */
    static final class Numbers extends GroupConverter {
        private List<Integer> numbers = new ArrayList<>();
        private final PrimitiveConverter element =
                new PrimitiveConverter() {
                    @Override
                    public void addInt(int read) {
                        numbers.add(read);
                    }
                };
        private final GroupConverter list =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return element;
                    }

                    @Override
                    public void start() {}

                    @Override
                    public void end() {}
                };

        List<Integer> take() {
            if (numbers.isEmpty()) {
                return List.of();
            }
            List<Integer> taken = numbers;
            numbers = new ArrayList<>();
            return taken;
        }

        @Override
        public Converter getConverter(int field) {
            return list;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
