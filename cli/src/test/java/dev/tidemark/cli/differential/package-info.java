/**
 * The differential test. In: a seed. Out: a random history of schemas and rows on a real server,
 * and whether restores to moments of it are what the server held then.
 */
@NullMarked
package dev.tidemark.cli.differential;

import org.jspecify.annotations.NullMarked;
