package org.rlhf4j.generation;

import org.rlhf4j.data.dataset.FinishReason;

/**
 * One sampled response.
 *
 * @param index the request's number
 * @param tokens with the end token where one was sampled, [T]
 * @param logprobs of each token, at the sampling temperature, from the full softmax, nats, [T]
 */
public record GeneratedResponse(
    int index, int[] tokens, float[] logprobs, FinishReason finishReason) {}
