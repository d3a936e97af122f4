package dev.tidemark.cli.metrics;

import dev.tidemark.capture.Capture;
import dev.tidemark.capture.publish.CaptureProgress;

/** A look at capture: what it does, and how far it is. */
public record CaptureLook(Capture.State state, CaptureProgress.Snapshot progress) {}
