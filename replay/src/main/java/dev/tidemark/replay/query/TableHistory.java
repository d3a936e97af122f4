package dev.tidemark.replay.query;

import java.nio.file.Path;
import java.util.List;

/**
 * What happened to the rows of a table, on its way to local files. For one thread.
 *
 * @param bases those that belong to it; grows
 * @param path where the file will be
 */
record TableHistory(SourceTable table, HistoryFile file, List<BaseRows> bases, Path path) {}
