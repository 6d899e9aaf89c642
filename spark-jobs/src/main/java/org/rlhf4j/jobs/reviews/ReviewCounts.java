package org.rlhf4j.jobs.reviews;

/**
 * What became of the lines of an archive: {@code read = blank + invalidUtf8 + duplicates + tooShort
 * + judge + model}.
 *
 * @param tooShort sentences without a word after their opening
 * @param judge sentences kept for the judging classifier
 * @param model sentences that become demonstrations, preferences and prompts
 */
public record ReviewCounts(
    int read, int blank, int invalidUtf8, int duplicates, int tooShort, int judge, int model) {}
