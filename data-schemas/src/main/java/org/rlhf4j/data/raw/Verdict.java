package org.rlhf4j.data.raw;

/**
 * What one annotator says of two responses.
 *
 * @param judge hash of prompt and annotator: verdicts of different judges are disagreement, those
 *     of one can be contradictions
 * @param better hash of the preferred response
 * @param worse hash of the other one
 */
public record Verdict(String judge, String better, String worse) {}
