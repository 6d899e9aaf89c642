package org.rlhf4j.jobs.label;

import java.util.List;

/**
 * What a judge says to an inquiry.
 *
 * @param probabilities of its answers, [questions][answers], each row with sum 1
 * @param most characters of each response that it has read
 */
record Opinion(List<double[]> probabilities, int most) {
  boolean hasCut(String response) {
    return Inquiry.cuts(response, most);
  }
}
