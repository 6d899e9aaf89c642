/**
 * Likeness of texts: words, shingles, MinHash signatures and n-grams, all as hashes that are the
 * same on any machine and in any release. Pure functions of the text; knows no data set.
 */
package org.rlhf4j.data.similarity;
