package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class HistoryCommandTest {
    @Test
    void theFirstWordIsTheTableAndTheOthersAreTheKey() {
        HistoryCommand command = new HistoryCommand();

        new CommandLine(command).parseArgs("crm.contact", "4711", "17", "--limit", "10");

        assertThat(command.row.table).isEqualTo("crm.contact");
        assertThat(command.row.key).containsExactly("4711", "17");
        assertThat(command.options.limit).isEqualTo(10);
    }
}
