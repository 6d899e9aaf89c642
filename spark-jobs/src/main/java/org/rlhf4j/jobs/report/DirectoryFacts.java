package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.Ranking;

/**
 * What the page about data shows of one output of prepare or quality; what is not there is empty.
 *
 * @param texts lengths by dataset
 * @param sources rows by source, by dataset
 * @param drifts windows of the annotators who drift
 * @param rankings empty where there are many groups
 */
record DirectoryFacts(
    String directory,
    JsonNode summary,
    JsonNode quality,
    Map<String, TextLengths> texts,
    Map<String, Map<String, Long>> sources,
    Optional<QuarantineExamples> quarantine,
    List<Annotator> annotators,
    List<AnnotatorPair> pairs,
    List<AnnotatorWindow> drifts,
    List<Ranking> rankings,
    List<PreferenceCycle> cycles) {}
