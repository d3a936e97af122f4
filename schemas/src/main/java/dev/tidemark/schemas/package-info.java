/**
 * What every part of Tidemark agrees on. In: nothing. Out: the words of the two formats, and the
 * one kind of error that a user meets.
 */
@NullMarked
package dev.tidemark.schemas;

import org.jspecify.annotations.NullMarked;
