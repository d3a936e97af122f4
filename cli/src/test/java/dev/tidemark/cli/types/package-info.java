/**
 * Are values and tables the same after a restore? In: each type with its edge values, each shape of
 * a table. Out: the restored rows compared with the source's own text of them.
 */
@NullMarked
package dev.tidemark.cli.types;

import org.jspecify.annotations.NullMarked;
