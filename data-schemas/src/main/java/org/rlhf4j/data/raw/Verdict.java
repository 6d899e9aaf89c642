package org.rlhf4j.data.raw;

/**
 * What one annotator says of two responses.
 *
 * @param question hash of prompt, annotator and the two responses in alphabetical order
 * @param isFirst whether the first of the two is preferred; the opposite answer to the same
 *     question is a contradiction
 */
public record Verdict(String question, boolean isFirst) {}
