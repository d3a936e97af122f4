package dev.tidemark.cli.output;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for a person: a bar that moves in place. */
public final class TerminalProgress implements Progress {
    private static final int WIDTH = 100;

    private final PrintStream err;

    public TerminalProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public Task start(String what, long total, Unit unit) {
        ProgressBarBuilder builder =
                new ProgressBarBuilder()
                        .setTaskName(what)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH));
        ProgressBar bar =
                switch (unit) {
                    case ROWS -> builder.setUnit(" rows", 1).showSpeed().build();
                    case BYTES -> builder.setUnit(" MiB", 1 << 20).showSpeed().build();
                    case STATEMENTS -> builder.setUnit(" statements", 1).hideEta().build();
                };
        return new Bar(bar);
    }

    @Override
    public void say(String sentence) {
        err.println(sentence);
    }

    private record Bar(ProgressBar bar) implements Task {
        @Override
        public void advance(long amount) {
            bar.stepBy(amount);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
