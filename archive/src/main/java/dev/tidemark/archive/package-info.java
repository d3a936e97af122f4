@org.jspecify.annotations.NullMarked
package dev.tidemark.archive;
