package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Numbers of so many digits, of which so many stand behind the point. {@code NaN} and infinities
 * have no such number.
 *
 * @param precision at most {@link #PRECISION_MAX}
 * @param scale from 0 to the precision, as Parquet wants it
 */
record DecimalType(int precision, int scale) implements ExportType {
    /** Of 128 bits, which is what readers have. */
    static final int PRECISION_MAX = 38;

    private static final int INT_PRECISION_MAX = 9;
    private static final int LONG_PRECISION_MAX = 18;
    private static final int TEXT_MAX = PRECISION_MAX + "-0.".length();

    /** PostgreSQL's bounds are 1000 digits and a scale of 1000 either way. */
    private static final Pattern NAME = Pattern.compile("numeric\\((\\d{1,4}),(-?\\d{1,4})\\)");

    DecimalType {
        if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision) {
            throw new IllegalArgumentException("no decimal: " + precision + ", " + scale);
        }
    }

    /**
     * By the source's name; empty for one without bounds, or with more digits than fit.
     *
     * <p>From PostgreSQL 15 on a scale may be negative, so that the last digits before the point
     * are zeros, or above the precision, so that the first ones behind it are: both take digits
     * here.
     */
    static Optional<ExportType> of(String sourceType) {
        Matcher name = NAME.matcher(sourceType);
        if (!name.matches()) {
            return Optional.empty();
        }
        int digits = Integer.parseInt(name.group(1));
        int scale = Integer.parseInt(name.group(2));
        int precision = scale < 0 ? digits - scale : Math.max(digits, scale);
        return precision < 1 || precision > PRECISION_MAX
                ? Optional.empty()
                : Optional.of(new DecimalType(precision, Math.max(scale, 0)));
    }

    @Override
    public boolean holds(Value text) {
        return number(text).isPresent();
    }

    /** The number that, with all its digits behind the point, gives the very same text back. */
    private Optional<BigDecimal> number(Value text) {
        return Texts.brief(text, TEXT_MAX)
                .flatMap(DecimalType::parsed)
                .filter(number -> number.scale() == scale && number.precision() <= precision)
                .filter(number -> Value.text(number.toPlainString()).equals(text));
    }

    private static Optional<BigDecimal> parsed(String said) {
        try {
            return Optional.of(new BigDecimal(said));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public Type column(String name) {
        LogicalTypeAnnotation type = LogicalTypeAnnotation.decimalType(scale, precision);
        if (precision <= INT_PRECISION_MAX) {
            return Types.optional(PrimitiveTypeName.INT32).as(type).named(name);
        }
        if (precision <= LONG_PRECISION_MAX) {
            return Types.optional(PrimitiveTypeName.INT64).as(type).named(name);
        }
        return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(bytes())
                .as(type)
                .named(name);
    }

    /** As many as the greatest number and a sign need. */
    private int bytes() {
        return BigInteger.TEN.pow(precision).bitLength() / Byte.SIZE + 1;
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        BigInteger number = number(text).orElseThrow().unscaledValue();
        if (precision <= INT_PRECISION_MAX) {
            out.addInteger(number.intValueExact());
            return Integer.BYTES;
        }
        if (precision <= LONG_PRECISION_MAX) {
            out.addLong(number.longValueExact());
            return Long.BYTES;
        }
        byte[] shortest = number.toByteArray();
        byte[] all = new byte[bytes()];
        Arrays.fill(all, (byte) (number.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, all, all.length - shortest.length, shortest.length);
        out.addBinary(Binary.fromConstantByteArray(all));
        return all.length;
    }
}
