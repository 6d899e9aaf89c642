package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.List;
import org.rlhf4j.data.dataset.Message;

/**
 * One response to sample.
 *
 * @param promptId prompt to answer
 * @param prompt its turns
 * @param sampleIndex which of this prompt's responses within the iteration, from 0
 */
public record PromptDraw(String promptId, List<Message> prompt, int sampleIndex)
    implements Serializable {}
