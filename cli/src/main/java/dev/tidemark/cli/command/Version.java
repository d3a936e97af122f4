package dev.tidemark.cli.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What runs, on what: the first thing that a bug report needs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version =
                Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                        .orElse("development");
        return new String[] {
            "tidemark %s (Java %s, %s %s)"
                    .formatted(
                            version,
                            Runtime.version(),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }
}
