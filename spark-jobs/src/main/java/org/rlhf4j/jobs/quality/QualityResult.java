package org.rlhf4j.jobs.quality;

import java.util.Map;
import java.util.Optional;

/**
 * Content of {@code quality.json}. A statistic that is not defined for the votes is empty: for
 * example, kappa where all votes are equal.
 *
 * @param votes votes that count: one per item and annotator
 * @param fleissKappa over all items with two votes or more
 * @param krippendorffAlpha by level; levels above nominal need labels that are numbers
 * @param cohenKappaMean mean over the pairs of annotators with a defined kappa
 * @param pairwiseAgreement share of equal votes among the pairs of votes on one item
 * @param goldAgreement share of votes equal to the known right label
 * @param duplicateVotes votes an annotator gave more than once to an item, beyond the first
 * @param contradictoryVotes votes of annotators who gave several labels to one item; left out
 * @param missingVotes votes without a label; left out
 * @param quarantined rows that could not be read
 */
public record QualityResult(
    long items,
    long annotators,
    long votes,
    Optional<Double> fleissKappa,
    Map<String, Optional<Double>> krippendorffAlpha,
    Optional<Double> cohenKappaMean,
    Optional<Double> pairwiseAgreement,
    Optional<Double> goldAgreement,
    String level,
    long duplicateVotes,
    long contradictoryVotes,
    long missingVotes,
    long quarantined) {}
