package dev.tidemark.schemas;

import java.util.Optional;

/** Which version of Tidemark runs. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /** As the program's jar says; {@code development} outside one. */
    public static String text() {
        return Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
