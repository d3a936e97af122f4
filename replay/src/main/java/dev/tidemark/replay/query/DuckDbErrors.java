package dev.tidemark.replay.query;

import dev.tidemark.schemas.TidemarkException;
import java.sql.SQLException;
import java.util.List;

/** What a failure of DuckDB is to the one who asked. */
final class DuckDbErrors {
    /** How DuckDB begins what it says of SQL that is wrong, or of values that do not fit it. */
    private static final List<String> OF_SQL =
            List.of(
                    "Parser Error",
                    "Binder Error",
                    "Catalog Error",
                    "Conversion Error",
                    "Constraint Error",
                    "Invalid Input Error",
                    "Invalid Error",
                    "Invalid type Error",
                    "Mismatch Type Error",
                    "Out of Range Error",
                    "Not implemented Error",
                    "Syntax Error",
                    "Sequence Error",
                    "Parameter Not Resolved Error",
                    "Parameter Not Allowed Error",
                    "Invalid Configuration Error",
                    "Decimal Error",
                    "Divide by Zero Error",
                    "Expression Error",
                    "Settings Error");

    private static final String CONVERSION = "Conversion Error";

    private DuckDbErrors() {}

    static TidemarkException of(SQLException e) {
        String said = said(e);
        if (said.startsWith("Out of Memory Error")) {
            return TidemarkException.refused(
                    "the question needs more memory: " + firstLine(said),
                    "Give it more with --memory, or ask for less. What does not fit goes to temporary-directory, up to"
                            + " --disk.",
                    e);
        }
        if (said.startsWith("Permission Error")) {
            return TidemarkException.refused(
                    firstLine(said),
                    "Nothing but the archive is read here, and no setting can be changed.",
                    e);
        }
        if (OF_SQL.stream().anyMatch(said::startsWith)) {
            return TidemarkException.usage(
                    "the SQL is wrong: " + said, "Mend it, or see docs/sql.md for what there is.");
        }
        return TidemarkException.failed(
                "DuckDB broke off: " + said,
                "Check that temporary-directory has room; please report it if that does not help.",
                e);
    }

    /** Was some value none of a type? */
    static boolean isConversion(SQLException e) {
        String said = said(e);
        return said.startsWith(CONVERSION) || said.startsWith("Invalid Input Error"); // of unhex
    }

    private static String said(SQLException e) {
        String said = String.valueOf(e.getMessage()).strip();
        return said.replaceFirst("^java\\.sql\\.SQLException: ", "");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
