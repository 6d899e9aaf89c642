package org.rlhf4j.jobs.evaluate;

import java.io.Serializable;
import java.util.List;
import org.rlhf4j.data.dataset.Message;

/** A judge that no part of the training ever sees; higher is better. */
@FunctionalInterface
public interface GoldScorer extends Serializable {
  double score(List<Message> prompt, String response);
}
