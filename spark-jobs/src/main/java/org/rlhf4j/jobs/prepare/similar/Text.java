package org.rlhf4j.jobs.prepare.similar;

import java.io.Serializable;

/**
 * One text to compare.
 *
 * @param id different for different texts
 * @param shingles see {@link org.rlhf4j.data.similarity.Shingles}, [S]
 */
public record Text(long id, int[] shingles) implements Serializable {}
