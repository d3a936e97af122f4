/**
 * What an application knows of its tables and its schema does not say: who changed a row, what
 * counts as deleted, how a row is called. In: a profile, written by a user or one of those that
 * come with Tidemark, and a catalog. Out: what it means for each table, or all that does not fit.
 */
@NullMarked
package dev.tidemark.replay.profile;

import org.jspecify.annotations.NullMarked;
