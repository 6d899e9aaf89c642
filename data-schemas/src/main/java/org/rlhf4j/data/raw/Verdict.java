package org.rlhf4j.data.raw;

/**
 * What one annotator says of two responses to one prompt.
 *
 * @param better 64-bit hash of prompt, annotator and preferred response: verdicts of different
 *     annotators have nothing in common and are disagreement, those of one can be contradictions
 * @param worse the same of the other response
 */
public record Verdict(long better, long worse) {}
