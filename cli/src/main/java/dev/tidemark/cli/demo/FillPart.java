package dev.tidemark.cli.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SplittableRandom;

/** What every part of the fill draws from: random values of a CRM that began in 2020. */
record FillPart(Connection connection, CrmSize size, SplittableRandom random, CrmWords words) {
    private static final Instant FIRST_DAY = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration YEARS = Duration.ofDays(6 * 365);

    static FillPart of(Connection connection, CrmSize size, SplittableRandom random) {
        return new FillPart(connection, size, random, new CrmWords(random));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** The value, or NULL with the given probability. */
    Object orNull(double probability, Object value) {
        return chance(probability) ? CopyRows.NULL : value;
    }

    int id(int count) {
        return random.nextInt(1, count + 1);
    }

    /** Some moment, in whole microseconds as PostgreSQL keeps it. */
    Instant moment() {
        long micros = random.nextLong(YEARS.toMillis() * 1_000);
        return FIRST_DAY.plusSeconds(micros / 1_000_000).plusNanos(micros % 1_000_000 * 1_000);
    }

    LocalDate day() {
        return LocalDate.of(2024, 1, 1).plusDays(random.nextInt(1_500));
    }

    BigDecimal money(long cents) {
        return BigDecimal.valueOf(random.nextLong(cents), 2);
    }

    String user() {
        return "user" + id(size.users());
    }
}
