package dev.tidemark.cli.metrics;

/**
 * What a look at a disk found.
 *
 * @param place what is there
 * @param freeBytes that this user may write; NaN when it could not be looked at
 * @param forecastSeconds until they are used up, at the pace of the last minutes; NaN: not
 */
record DiskSample(String place, double freeBytes, double forecastSeconds) {}
