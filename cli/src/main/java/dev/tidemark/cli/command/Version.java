package dev.tidemark.cli.command;

import dev.tidemark.schemas.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** What runs, on what: the first thing that a bug report needs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "tidemark %s (Java %s, %s %s)"
                    .formatted(
                            ProgramVersion.text(),
                            Runtime.version(),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }
}
