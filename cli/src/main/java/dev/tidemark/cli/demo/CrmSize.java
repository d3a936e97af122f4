package dev.tidemark.cli.demo;

/**
 * How many rows of each kind a filled CRM has.
 *
 * @param scale 1 is about 60,000 rows in all
 */
record CrmSize(double scale) {
    /** More would not fit the memory and disk of a demo: 100 is 6 million rows. */
    private static final double SCALE_MAX = 100;

    CrmSize {
        if (!(scale > 0 && scale <= SCALE_MAX)) {
            throw new IllegalArgumentException("scale " + scale + " is not in (0, 100]");
        }
    }

    int users() {
        return 50;
    }

    int accounts() {
        return of(4_000);
    }

    int contacts() {
        return of(10_000);
    }

    int leads() {
        return of(5_000);
    }

    int opportunities() {
        return of(4_000);
    }

    int activities() {
        return of(12_000);
    }

    int emails() {
        return of(2_500);
    }

    int cases() {
        return of(2_500);
    }

    int products() {
        return of(400);
    }

    int quotes() {
        return of(2_000);
    }

    int tags() {
        return of(5_000);
    }

    int fields() {
        return 20;
    }

    /** Records that have values in custom fields; each has three. */
    int recordsWithFields() {
        return of(2_000);
    }

    int attachments() {
        return of(250);
    }

    int auditEntries() {
        return of(1_500);
    }

    /** How many parents of a kind of {@link CrmWords#PARENTS} there are. */
    int parents(String parentType) {
        return switch (parentType) {
            case "account" -> accounts();
            case "contact" -> contacts();
            case "opportunity" -> opportunities();
            case "case" -> cases();
            default -> throw new IllegalArgumentException("no parent type: " + parentType);
        };
    }

    private int of(int atScaleOne) {
        return Math.max(10, Math.toIntExact(Math.round(atScaleOne * scale)));
    }
}
