/**
 * What an operator sets. In: a YAML file, and passwords from the environment or files. Out: checked
 * settings, or one error that names every problem; and the reference of all keys.
 */
@NullMarked
package dev.tidemark.cli.config;

import org.jspecify.annotations.NullMarked;
