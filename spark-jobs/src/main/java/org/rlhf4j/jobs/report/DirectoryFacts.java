package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;

/**
 * What the page about data shows of one output of prepare or quality; what is not there is empty.
 *
 * @param texts lengths by dataset
 */
record DirectoryFacts(
    String directory,
    JsonNode summary,
    JsonNode quality,
    Map<String, TextLengths> texts,
    Optional<QuarantineExamples> quarantine,
    List<Annotator> annotators,
    List<AnnotatorPair> pairs) {}
