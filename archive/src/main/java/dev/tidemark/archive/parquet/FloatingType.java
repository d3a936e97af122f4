package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Binary floating-point numbers. The source prints the fewest digits that name one number and no
 * other, so the number next to the text is that of the source, to the bit: {@code -0}, the smallest
 * denormal and infinities too. It is not asked to give the same text back, since Java ends some
 * numbers with another last digit ({@code 4.9E-324} for {@code 5e-324}).
 */
enum FloatingType implements ExportType {
    REAL(9),
    DOUBLE(17);

    private static final Pattern FINITE = Pattern.compile("-?(\\d+(?:\\.\\d+)?)(?:e[+-]\\d+)?");
    private static final Pattern POINT_AND_ZEROS = Pattern.compile("^0+\\.?0*|\\.");
    private static final int TEXT_MAX = 32;

    /** More are never needed to name one number. */
    private final int digitsMax;

    FloatingType(int digitsMax) {
        this.digitsMax = digitsMax;
    }

    @Override
    public boolean holds(Value text) {
        Optional<String> brief = Texts.brief(text, TEXT_MAX);
        if (brief.isEmpty()) {
            return false;
        }
        return switch (brief.get()) {
            case "NaN", "Infinity", "-Infinity" -> true;
            case String said -> isFinite(said);
        };
    }

    private boolean isFinite(String said) {
        Matcher parts = FINITE.matcher(said);
        if (!parts.matches()) {
            return false;
        }
        String digits = POINT_AND_ZEROS.matcher(parts.group(1)).replaceAll("");
        double number = this == REAL ? Float.parseFloat(said) : Double.parseDouble(said);
        boolean isZero = digits.isEmpty();
        return digits.length() <= digitsMax
                && !Double.isInfinite(number)
                && isZero == (number == 0);
    }

    @Override
    public Type column(String name) {
        return Types.optional(this == REAL ? PrimitiveTypeName.FLOAT : PrimitiveTypeName.DOUBLE)
                .named(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        if (this == REAL) {
            out.addFloat(Float.parseFloat(text.toString()));
            return Float.BYTES;
        }
        out.addDouble(Double.parseDouble(text.toString()));
        return Double.BYTES;
    }
}
